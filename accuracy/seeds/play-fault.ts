import { Trace, type Verdict } from '../trace.js';
import { createDraw } from './draw.js';
import { HEAD_START_MS, type FaultKind } from './fault.js';
import { judgedOf, WatchedJob } from './watched-job.js';

const BEAT_MS = 10_000;
/** Most faults show within two minutes; what is said after that must stay true. */
const WATCH_MS = 360_000;

/** One job with one fault, watched from when the fault begins. */
export async function playFault(kind: FaultKind, seed: number): Promise<Verdict> {
  const { spec, expect } = kind.draw(createDraw(seed, kind.id), `${kind.id}-${seed}`);
  const watched = new WatchedJob(spec, HEAD_START_MS, BEAT_MS);
  const trace = new Trace(expect, watched.nowMs);
  for (let spentMs = 0; spentMs < (kind.watchMs ?? WATCH_MS); spentMs += BEAT_MS) {
    await watched.read(BEAT_MS);
    trace.add(watched.nowMs, judgedOf(watched.judge()));
  }
  await watched.stop();
  return trace.verdict(kind.id, `seed ${seed}`);
}
