import { z } from 'zod';
import type { Entry } from './entries.js';
import type { Parcel } from './parcel.js';

const item = z.object({
  findingId: z.string(),
  rule: z.string(),
  severity: z.enum(['info', 'warning', 'critical']),
  cluster: z.string(),
  jobName: z.string(),
  jobId: z.string(),
  vertex: z.string().exactOptional(),
  title: z.string(),
  summary: z.string(),
  evidence: z.array(z.string()),
  action: z.object({ title: z.string(), diff: z.string().exactOptional() }).exactOptional(),
  link: z.string().exactOptional(),
  runbook: z.string().exactOptional(),
  firstSeenMs: z.number(),
  resolvedMs: z.number().exactOptional(),
});

const notice = z.object({
  id: z.string(),
  kind: z.enum(['opened', 'reminder', 'resolved', 'many-jobs', 'cluster-unknown', 'cluster-back', 'digest', 'test']),
  route: z.string(),
  language: z.enum(['en', 'zh-CN']),
  atMs: z.number(),
  severity: z.enum(['info', 'warning', 'critical']),
  cluster: z.string().exactOptional(),
  owner: z.string().exactOptional(),
  jobName: z.string().exactOptional(),
  headline: z.string(),
  items: z.array(item),
  more: z.number(),
  follows: z.array(z.string()),
  link: z.string().exactOptional(),
});

const parcel: z.ZodType<Parcel> = z.object({
  id: z.string(),
  channel: z.string(),
  notice,
  createdMs: z.number(),
  attempts: z.number(),
  nextMs: z.number(),
  isRepeated: z.boolean(),
  folded: z.number(),
});

const told = {
  route: z.string(),
  cluster: z.string(),
  owner: z.string().exactOptional(),
  noticeId: z.string(),
  toldMs: z.number(),
};
const entry: z.ZodType<Entry> = z.discriminatedUnion('what', [
  z.object({ what: z.literal('finding'), ...told, item }),
  z.object({ what: z.literal('cluster'), ...told, sinceMs: z.number() }),
]);

const line = z.discriminatedUnion('op', [
  z.object({
    op: z.literal('put'),
    entries: z.array(z.tuple([z.string(), entry.nullable()])),
    parcels: z.array(parcel),
    ended: z.array(z.string()),
  }),
  z.object({ op: z.literal('try'), id: z.string() }),
  z.object({ op: z.literal('late'), id: z.string(), nextMs: z.number(), isRepeated: z.boolean() }),
]);

/**
 * One line of the file, which happened whole or not at all. `put`: what is known and what is on its way has changed; `try`: an attempt
 * begins; `late`: it failed and is to be made again.
 */
export type JournalLine = z.output<typeof line>;

export interface Kept {
  readonly entries: ReadonlyMap<string, Entry>;
  /** In the order in which they are to be sent. */
  readonly parcels: ReadonlyMap<string, Parcel>;
  /** Lines that could not be read. */
  readonly broken: number;
}

/**
 * What a file holds. A last line without its end was being written when the process died: it never happened. An attempt without an end
 * may have arrived.
 */
export function replay(text: string): Kept {
  const entries = new Map<string, Entry>();
  const parcels = new Map<string, Parcel>();
  let broken = 0;
  const lines = text.split('\n');
  lines.pop();
  for (const written of lines) {
    const read = decoded(written);
    if (read === undefined) broken += 1;
    else apply(read, entries, parcels);
  }
  return { entries, parcels, broken };
}

function decoded(written: string): JournalLine | undefined {
  try {
    const read = line.safeParse(JSON.parse(written));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}

function apply(read: JournalLine, entries: Map<string, Entry>, parcels: Map<string, Parcel>): void {
  switch (read.op) {
    case 'put':
      for (const [key, kept] of read.entries) {
        if (kept === null) entries.delete(key);
        else entries.set(key, kept);
      }
      for (const id of read.ended) parcels.delete(id);
      for (const one of read.parcels) parcels.set(one.id, one);
      return;
    case 'try':
      return change(parcels, read.id, (one) => ({ ...one, attempts: one.attempts + 1, isRepeated: true }));
    case 'late':
      return change(parcels, read.id, (one) => ({ ...one, nextMs: read.nextMs, isRepeated: read.isRepeated }));
  }
}

function change(parcels: Map<string, Parcel>, id: string, to: (parcel: Parcel) => Parcel): void {
  const one = parcels.get(id);
  if (one !== undefined) parcels.set(id, to(one));
}
