import { z } from 'zod';
import { maskValue } from '../mask.js';
import { fromSchema } from './body.decode.js';
import { toText } from './fields.decode.js';

/** Options by key, secrets masked. */
export type Configuration = Readonly<Record<string, string>>;

const option = z.object({ key: z.string(), value: z.unknown().optional() });

/** `GET /jobmanager/config` and `GET /jobs/:jobid/jobmanager/config` */
export const decodeConfiguration = fromSchema<Configuration>(
  z
    .array(option)
    .transform((options) => Object.fromEntries(options.map(({ key, value }) => [key, maskValue(key, toText(value))]))),
);
