import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { replaceFile } from './kept-reports.js';

/** A report's own key: its owner, or the whole. */
export type ReportKey = string;
export const WHOLE: ReportKey = '';

const FOLDER = 'reports';
const FILE = 'sent.json';
/** Weeks that the record remembers: no older report is sent by itself. */
const MAX_WEEKS = 10;

const entry = z.object({ state: z.enum(['made', 'sending', 'sent']), atMs: z.number() });
const schema = z.object({ version: z.literal(1), weeks: z.record(z.string(), z.record(z.string(), entry)) });

/** `made`: there was nobody to send it to. `sending`: the mail server was asked, and nobody wrote down what it said. */
export type SentEntry = z.infer<typeof entry>;

/** What was made and sent, in the data directory, so that a restart sends nothing twice. */
export interface SentRecord {
  of(week: string, key: ReportKey): Promise<SentEntry | undefined>;
  /** Undefined takes the entry back. */
  note(week: string, key: ReportKey, entry: SentEntry | undefined): Promise<void>;
}

/** Rejects when the file cannot be written: what is not written down must not be sent. */
export function sentRecord(dataDir: string): SentRecord {
  const dir = join(dataDir, FOLDER);
  const path = join(dir, FILE);

  /** Read each time: a mail may be sent by hand, beside the service. */
  const known = async (): Promise<Record<string, Record<string, SentEntry>>> =>
    decoded(await readFile(path, 'utf8').catch(() => ''));

  return {
    of: async (week, key) => (await known())[week]?.[keyOf(key)],
    async note(week, key, noted) {
      const all = await known();
      const { [keyOf(key)]: _before, ...others } = all[week] ?? {};
      all[week] = noted === undefined ? others : { ...others, [keyOf(key)]: noted };
      for (const old of Object.keys(all).sort().slice(0, -MAX_WEEKS)) delete all[old];
      await mkdir(dir, { recursive: true });
      await replaceFile(path, `${JSON.stringify({ version: 1, weeks: all })}\n`);
    },
  };
}

/** For a store that forgets all at the end. */
export function forgetfulRecord(): SentRecord {
  const entries = new Map<string, SentEntry>();
  return {
    of: (week, key) => Promise.resolve(entries.get(`${week} ${key}`)),
    note(week, key, noted) {
      if (noted === undefined) entries.delete(`${week} ${key}`);
      else entries.set(`${week} ${key}`, noted);
      return Promise.resolve();
    },
  };
}

/** An owner may be called anything, also like a property that each object has. */
const keyOf = (key: ReportKey): string => (key === WHOLE ? 'whole' : `owner ${key}`);

function decoded(text: string): Record<string, Record<string, SentEntry>> {
  try {
    const read = schema.safeParse(JSON.parse(text));
    return read.success ? read.data.weeks : {};
  } catch {
    return {};
  }
}
