import type { ReporterLabels } from '../../prometheus/reporter/labels.js';
import type { Dashboard } from '../dashboard.js';
import { checkpoints } from './checkpoints.js';
import { fleet } from './fleet.js';
import { job } from './job.js';
import { memory } from './memory.js';
import { partsOf } from './parts.js';

/** Dashboards on the metrics of Flink's own Prometheus reporter, 1.13 to 2.3. */
export function flinkDashboards(labels: ReporterLabels, weirUrl?: string): readonly Dashboard[] {
  const parts = partsOf(labels);
  return [fleet, job, checkpoints, memory].map((content) => ({
    ...content(parts),
    tag: 'flink',
    ...(weirUrl === undefined ? {} : { weirUrl }),
  }));
}
