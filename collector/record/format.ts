import { z } from 'zod';
import type { ReadFailure } from '../model/index.js';

/*
 * A bundle is gzip of JSON lines: a header, then for each round its answers in the order in which they came and a line that
 * ends the round, at last a line that says why the recording ended. `docs/bundles.md` describes it.
 */

/** Circumstances that the collector's plan depends on, so that a replay asks what the recording asked. */
export interface BundleHeader {
  readonly weirBundle: number;
  /** Version of Weir that wrote it. */
  readonly weir: string;
  readonly flink?: string | undefined;
  readonly cluster: string;
  readonly url: string;
  readonly prefixBytes: number;
  readonly startMs: number;
  readonly intervalMs: number;
  readonly maxRequestsPerSecond: number;
  readonly simulated: boolean;
}

/** One answer: a body, the same body as the last of this path, or a failure. */
export type AnswerLine =
  | { readonly path: string; readonly atMs: number; readonly body: unknown }
  | { readonly path: string; readonly atMs: number; readonly same: true }
  | { readonly path: string; readonly atMs: number; readonly failure: ReadFailure };

export interface RoundLine {
  readonly round: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly ok: boolean;
}

/** `complete`: as long as asked; `stopped`: by hand; `full`: at the limit of its size. */
export const ENDINGS = ['complete', 'stopped', 'full'] as const;
export type Ending = (typeof ENDINGS)[number];

export interface EndLine {
  readonly end: Ending;
}

const epochMs = z.number().nonnegative();

const failure = z.object({
  kind: z.enum([
    'unreachable',
    'timeout',
    'unauthorized',
    'unavailable',
    'not-found',
    'not-flink',
    'malformed',
    'too-large',
    'http',
  ]),
  message: z.string(),
  status: z.exactOptional(z.number()),
}) satisfies z.ZodType<ReadFailure>;

export const headerLine = z.object({
  weirBundle: z.number().int().positive(),
  weir: z.string(),
  flink: z.string().optional(),
  cluster: z.string(),
  url: z.string(),
  prefixBytes: z.number().int().nonnegative(),
  startMs: epochMs,
  intervalMs: z.number().positive(),
  maxRequestsPerSecond: z.number().positive(),
  simulated: z.boolean(),
}) satisfies z.ZodType<BundleHeader>;

const place = { path: z.string().startsWith('/'), atMs: epochMs };
const isThere = (raw: unknown): boolean => raw !== undefined;

/** Any line after the header. */
export const bundleLine = z.union([
  z.object({ ...place, same: z.literal(true) }),
  z.object({ ...place, failure }),
  z.object({ ...place, body: z.unknown().refine(isThere) }),
  z.object({ round: z.number().int().positive(), startMs: epochMs, endMs: epochMs, ok: z.boolean() }),
  z.object({ end: z.enum(ENDINGS) }),
]);

export type BundleLine = z.infer<typeof bundleLine>;
