import { Trace, type Verdict } from '../trace.js';
import { createDraw } from './draw.js';
import { drawHealthyDay } from './healthy.js';
import { judgedOf, WatchedJob } from './watched-job.js';

/** Figures of a TaskManager are judged over ninety seconds, and by three readings at least. */
const READ_MS = 30_000;
const READS_A_JUDGEMENT = 2;
const JUDGEMENTS_A_DAY = 1440;
const HEAD_START_MS = 600_000;

/** One job that is well, for a day, judged every minute. */
export async function playHealthyDay(seed: number): Promise<Verdict> {
  const watched = new WatchedJob(
    drawHealthyDay(createDraw(seed, 'healthy'), `healthy-${seed}`),
    HEAD_START_MS,
    READ_MS,
  );
  const trace = new Trace({}, watched.nowMs);
  for (let i = 0; i < JUDGEMENTS_A_DAY; i += 1) {
    for (let read = 0; read < READS_A_JUDGEMENT; read += 1) await watched.read(READ_MS);
    trace.add(watched.nowMs, judgedOf(watched.judge()));
  }
  await watched.stop();
  return trace.verdict('healthy', `seed ${seed}`);
}
