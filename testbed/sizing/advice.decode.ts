import { z } from 'zod';

/** What Weir advises, as far as it is about sizes. */
const number = z.number().optional();
const size = z.union([z.number(), z.string(), z.null(), z.boolean()]).optional();
const advice = z.object({
  state: z.string(),
  kind: z.string(),
  title: z.string(),
  changes: z.array(
    z.object({
      scope: z.string(),
      vertexId: z.string().optional(),
      vertexName: z.string().optional(),
      key: z.string().optional(),
      from: size,
      to: size,
    }),
  ),
  expected: z.array(
    z.object({
      metric: z.string(),
      vertexId: z.string().optional(),
      low: z.number(),
      high: z.number(),
      afterMs: number,
      afterLowMs: number,
      afterHighMs: number,
    }),
  ),
  cost: z.object({ slots: z.number(), taskManagers: z.number() }),
});
export type SizeAdvice = z.infer<typeof advice>;

const advices = z.object({ recommendations: z.array(advice) });
const jobs = z.object({ jobs: z.array(z.object({ jobId: z.string(), state: z.string(), lagSeconds: number })) });

/** What is still to do: what was followed is listed as well, for what came of it. */
export const decodeAdvice = (body: unknown): readonly SizeAdvice[] =>
  advices.parse(body).recommendations.filter(({ state }) => state === 'proposed');

/** Seconds of input that wait, as Weir tells it of the job; undefined: not known. */
export const decodeLag = (body: unknown, jobId: string): number | undefined =>
  jobs.parse(body).jobs.find((job) => job.jobId === jobId)?.lagSeconds;
