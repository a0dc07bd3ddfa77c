import type { ReporterLabels } from '../prometheus/reporter/labels.js';
import { writeFiles } from '../write-files.js';
import { renderDashboard, type Dashboard } from './dashboard.js';
import { flinkDashboards } from './flink/index.js';
import { weirDashboards } from './weir/index.js';

export interface DashboardsOptions {
  readonly labels: ReporterLabels;
  /** Where people reach Weir, without a slash at its end. */
  readonly publicUrl?: string;
}

/** Where `weir serve` listens if nobody says otherwise. */
const DEFAULT_WEIR_URL = 'http://127.0.0.1:8080';

/** All dashboards, of both families. */
export const dashboardsOf = ({ labels, publicUrl }: DashboardsOptions): readonly Dashboard[] => [
  ...weirDashboards(publicUrl ?? DEFAULT_WEIR_URL),
  ...flinkDashboards(labels, publicUrl),
];

/**
 * Writes a file for each dashboard into a directory, which is made if it is not there; returns their paths.
 *
 * @throws what the file system says
 */
export const exportDashboards = (dir: string, options: DashboardsOptions): readonly string[] =>
  writeFiles(dir, Object.fromEntries(dashboardsOf(options).map((one) => [`${one.uid}.json`, renderDashboard(one)])));
