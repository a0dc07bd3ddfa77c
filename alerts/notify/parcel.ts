import type { Notice } from './notice.js';

/** One notice on its way through one channel. Plain data: it is kept on disk. */
export interface Parcel {
  readonly id: string;
  readonly channel: string;
  readonly notice: Notice;
  readonly createdMs: number;
  readonly attempts: number;
  /** Not before. */
  readonly nextMs: number;
  /** An attempt may have arrived without our knowing. */
  readonly isRepeated: boolean;
  /** Messages that this one stands for; 0: only itself. */
  readonly folded: number;
}

export function newParcel(notice: Notice, channel: string, nowMs: number): Parcel {
  return {
    id: `${notice.id}.${channel}`,
    channel,
    notice,
    createdMs: nowMs,
    attempts: 0,
    nextMs: nowMs,
    isRepeated: false,
    folded: 0,
  };
}
