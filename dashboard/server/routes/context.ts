import type { SeriesStore } from '../../../collector/index.js';
import type { AnyRule } from '../../../analyzer/engine/rule.js';
import type { Watch } from '../watch/watch.js';
import type { OwnMetrics } from '../own-metrics.js';

/** What the routes work on. */
export interface ServerContext {
  readonly watch: Watch;
  readonly store: SeriesStore;
  readonly rules: readonly AnyRule[];
  readonly metrics: OwnMetrics;
  readonly nowMs: () => number;
  readonly version: string;
  readonly startedMs: number;
  readonly demo: boolean;
  readonly intervalMs: number;
  /** Folder with one Markdown page per rule. */
  readonly ruleDocsDir: string;
}
