import type { DiscoveryStatus, SeriesStore } from '../../../collector/index.js';
import type { Language } from '../../../analyzer/text.js';
import type { AnyRule } from '../../../analyzer/engine/rule.js';
import type { ReportFormat } from '../../contract.js';
import type { PriceOf, Watch } from '../watch/watch.js';
import type { OtherShards } from '../watch/other-shards.js';
import type { OwnMetrics } from '../own-metrics.js';

/** Weekly reports over the stored history. Reports come after the dashboard, so whoever starts the service brings them. */
export interface WeeklyReports {
  /** Monday 00:00 UTC of an ISO week such as `2026-W47`; undefined when the text is none. */
  startMs(isoWeek: string): number | undefined;
  /** With `owner`: of that owner's clusters only. */
  render(isoWeek: string, fromMs: number, format: ReportFormat, language: Language, owner?: string): Promise<string>;
}

/** What the routes work on. */
export interface ServerContext {
  readonly watch: Watch;
  /** Where clusters come from, and whether those sources answer. */
  readonly discoveries: () => readonly DiscoveryStatus[];
  readonly store: SeriesStore;
  /** Clusters of other processes on the same store; missing where there is one process. */
  readonly others?: OtherShards;
  readonly rules: readonly AnyRule[];
  readonly metrics: OwnMetrics;
  readonly weeklyReports: WeeklyReports;
  /** Missing: no prices are configured. */
  readonly priceOf?: PriceOf;
  readonly nowMs: () => number;
  readonly version: string;
  readonly startedMs: number;
  readonly demo: boolean;
  readonly intervalMs: number;
  /** Folder with one Markdown page per rule. */
  readonly ruleDocsDir: string;
}
