import type { Notice } from './notice.js';

/** What came of one attempt to send. */
export type Outcome =
  | { readonly kind: 'sent' }
  /** Worth another attempt. `maybeArrived`: the answer is missing, not the message. */
  | { readonly kind: 'later'; readonly why: string; readonly maybeArrived: boolean; readonly afterMs?: number }
  /** The same message will never be taken. */
  | { readonly kind: 'refused'; readonly why: string };

export interface Delivery {
  /** The same for each attempt: receivers can tell a repetition by it. */
  readonly id: string;
  readonly nowMs: number;
  /** An earlier attempt may have arrived: the message says so. */
  readonly isRepeated: boolean;
}

/** Sends one notice through one channel. Never throws for what the other side does. */
export type Send = (notice: Notice, delivery: Delivery) => Promise<Outcome>;
