import { z } from 'zod';
import { defined, type FlinkVersion } from '../../model/index.js';
import { parseFlinkVersion } from '../capabilities.js';
import { fromSchema } from './body.decode.js';
import { count, flag } from './fields.decode.js';

/** What the REST says about itself. */
export interface ClusterConfig {
  readonly flinkVersion: FlinkVersion;
  readonly refreshIntervalMs?: number;
  /** True for a History Server: it has no running jobs and no `/overview`. */
  readonly isHistoryServer: boolean;
  /** True with the adaptive scheduler, whose jobs can be rescaled in place (1.18+). */
  readonly canRescale: boolean;
}

const features = z.object({ 'web-history': flag, 'web-rescale': flag }).optional();

/** `GET /config` */
export const decodeClusterConfig = fromSchema(
  z.object({ 'flink-version': z.string(), 'refresh-interval': count, features }).transform((raw) =>
    defined<ClusterConfig>({
      flinkVersion: parseFlinkVersion(raw['flink-version']),
      refreshIntervalMs: raw['refresh-interval'],
      isHistoryServer: raw.features?.['web-history'] ?? false,
      canRescale: raw.features?.['web-rescale'] ?? false,
    }),
  ),
);
