import type { Notice, NoticeItem } from './notice.js';

/** A cause that a route was told of and that has not been told to have ended. */
export interface ToldFinding {
  readonly what: 'finding';
  readonly route: string;
  readonly cluster: string;
  readonly owner?: string;
  /** As last told, in the route's language. */
  readonly item: NoticeItem;
  /** The first notice that told of it. */
  readonly noticeId: string;
  readonly toldMs: number;
}

/** A cluster that a route was told cannot be read. */
export interface ToldCluster {
  readonly what: 'cluster';
  readonly route: string;
  readonly cluster: string;
  readonly owner?: string;
  readonly sinceMs: number;
  readonly noticeId: string;
  readonly toldMs: number;
}

export type Entry = ToldFinding | ToldCluster;

export const findingKey = (route: string, findingId: string): string => `f ${route} ${findingId}`;
export const clusterKey = (route: string, cluster: string): string => `c ${route} ${cluster}`;

/** What one decision changes: entries by key (undefined: gone) and the notices to send. They are kept together or not at all. */
export interface Decision {
  readonly entries: ReadonlyMap<string, Entry | undefined>;
  readonly notices: readonly Notice[];
}
