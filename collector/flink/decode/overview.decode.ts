import { z } from 'zod';
import type { ClusterOverview } from '../../model/index.js';
import { parseFlinkVersion } from '../capabilities.js';
import { fromSchema } from './body.decode.js';
import { countOrZero } from './fields.decode.js';

/** `GET /overview` */
export const decodeOverview = fromSchema(
  z
    .object({
      'flink-version': z.string(),
      taskmanagers: countOrZero,
      'slots-total': countOrZero,
      'slots-available': countOrZero,
      'jobs-running': countOrZero,
    })
    .transform((raw): ClusterOverview => ({
      flinkVersion: parseFlinkVersion(raw['flink-version']),
      taskManagers: raw.taskmanagers,
      slotsTotal: raw['slots-total'],
      slotsAvailable: raw['slots-available'],
      jobsRunning: raw['jobs-running'],
    })),
);
