import type { Dashboard } from '../dashboard.js';
import { checkpoints } from './checkpoints.js';
import { fleet } from './fleet.js';
import { job } from './job.js';
import { memory } from './memory.js';
import { self } from './self.js';

/** Dashboards on the metrics of Weir. */
export const weirDashboards = (weirUrl: string): readonly Dashboard[] =>
  [fleet, job, checkpoints, memory, self].map((content) => ({ ...content, tag: 'weir', weirUrl }));
