import { z } from 'zod';
import { fromSchema } from '../../flink/decode/body.decode.js';
import { countOrZero, optionalText } from '../../flink/decode/fields.decode.js';

/** An application that runs on YARN. */
export interface YarnApplication {
  readonly applicationId: string;
  readonly name: string;
  readonly user?: string;
  readonly queue?: string;
  readonly trackingUrl?: string;
  readonly startedMs: number;
}

const application = z.object({
  id: z.string().regex(/^application_\d+_\d+$/, 'is not an id of an application'),
  name: z.string(),
  user: optionalText,
  queue: optionalText,
  trackingUrl: optionalText,
  startedTime: countOrZero,
});

/** `GET /ws/v1/cluster/apps`; without any application `apps` is null or empty. */
export const decodeApplications = fromSchema<readonly YarnApplication[]>(
  z.object({ apps: z.object({ app: z.array(application).nullish() }).nullable() }).transform(({ apps }) =>
    (apps?.app ?? []).map(({ id, startedTime, name, user, queue, trackingUrl }) => ({
      applicationId: id,
      name,
      startedMs: startedTime,
      ...(user === undefined ? {} : { user }),
      ...(queue === undefined ? {} : { queue }),
      ...(trackingUrl === undefined ? {} : { trackingUrl }),
    })),
  ),
);
