import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { weekStartMs } from '../../reports/iso-week.js';
import type { FleetInput } from '../../reports/model.js';

/** Two years. */
const MAX_WEEKS = 104;
/** A fleet of a thousand jobs takes about ten. */
const MAX_BYTES = 256 * 2 ** 20;
const VERSION = 2;

const FOLDER = 'reports';
const fileOf = (week: string): string => `${week}.json`;

/** Weeks that are over, as they were made: one file each in the data directory. */
export interface KeptReports {
  /** Undefined: none was made, or another Weir made it otherwise. */
  load(week: string): Promise<FleetInput | undefined>;
  save(fleet: FleetInput): Promise<void>;
}

/** Checks the frame. What is inside was written by this version, which the number says. */
const schema = z.object({
  version: z.literal(VERSION),
  fleet: z.looseObject({
    week: z.object({ week: z.string(), fromMs: z.number(), toMs: z.number() }),
    knownToMs: z.number(),
    sections: z.array(z.looseObject({ cluster: z.string(), jobName: z.string() })),
    gone: z.array(z.looseObject({ cluster: z.string(), jobName: z.string() })),
  }),
});

export function keptReports(dataDir: string): KeptReports {
  const dir = join(dataDir, FOLDER);
  return {
    async load(week) {
      if (weekStartMs(week) === undefined) return undefined;
      try {
        const read = schema.safeParse(JSON.parse(await readFile(join(dir, fileOf(week)), 'utf8')));
        return read.success ? (read.data.fleet as unknown as FleetInput) : undefined; // By its version number, see above.
      } catch {
        return undefined;
      }
    },
    async save(fleet) {
      const body = JSON.stringify({ version: VERSION, fleet });
      if (Buffer.byteLength(body) > MAX_BYTES) return;
      await mkdir(dir, { recursive: true });
      await replaceFile(join(dir, fileOf(fleet.week.week)), body);
      const weeks = (await readdir(dir)).filter((name) => /^\d{4}-W\d{2}\.json$/.test(name)).sort();
      for (const name of weeks.slice(0, -MAX_WEEKS)) await rm(join(dir, name), { force: true });
    },
  };
}

/** A process that is killed meanwhile leaves the old file or the new one, never half of one. */
export async function replaceFile(path: string, body: string): Promise<void> {
  const next = `${path}.next`;
  await writeFile(next, body);
  await rename(next, path);
}
