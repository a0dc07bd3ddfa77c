import { z } from 'zod';
import { parseDuration } from './durations.js';

/** `15s` in the file, milliseconds in the configuration. */
export const durationText = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .transform((value, context) => {
      const ms = parseDuration(value);
      if (ms === undefined) {
        context.addIssue({
          code: 'custom',
          message: `"${value}" is not a duration: write a number and ms, s, m, h or d, such as 15s`,
        });
        return z.NEVER;
      }
      return ms;
    });

export const url = z.url({ protocol: /^https?$/, error: 'must be a URL that begins with http:// or https://' });
