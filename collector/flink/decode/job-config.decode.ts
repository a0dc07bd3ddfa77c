import { z } from 'zod';
import { defined } from '../../model/index.js';
import { maskText, maskValue } from '../mask.js';
import { fromSchema } from './body.decode.js';
import { count, optionalText, toText } from './fields.decode.js';

/** How one job runs, as far as its execution config tells. */
export interface JobConfig {
  /** Flink's sentence, e.g. `Restart with fixed delay (10000 ms). #3 restart attempts.` */
  readonly restartStrategy?: string;
  readonly parallelism?: number;
  readonly objectReuse?: boolean;
  /** The job's global parameters, secrets masked. */
  readonly userConfig: Readonly<Record<string, string>>;
}

const executionConfig = z
  .object({
    'restart-strategy': optionalText,
    'job-parallelism': count,
    'object-reuse-mode': z
      .unknown()
      .optional()
      .transform((raw) => (typeof raw === 'boolean' ? raw : undefined)),
    'user-config': z.record(z.string(), z.unknown()).nullish(),
  })
  .nullish();

/** `GET /jobs/:jobid/config`; the execution config may be missing. */
export const decodeJobConfig = fromSchema(
  z.object({ 'execution-config': executionConfig }).transform((raw) => {
    const config = raw['execution-config'];
    const text = config?.['restart-strategy'];
    return defined<JobConfig>({
      restartStrategy: text === undefined ? undefined : maskText(text),
      parallelism: config?.['job-parallelism'],
      objectReuse: config?.['object-reuse-mode'],
      userConfig: Object.fromEntries(
        Object.entries(config?.['user-config'] ?? {}).map(([key, value]) => [key, maskValue(key, toText(value))]),
      ),
    });
  }),
);
