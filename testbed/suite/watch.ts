import { setTimeout as delay } from 'node:timers/promises';
import type { Expectation } from '../scenario.js';
import { adviceProblem, describeFinding, findExpected, missingSymptoms, wrongFindings } from './judge.js';
import type { Finding, WeirApi } from './weir-api.js';

export interface Watched {
  /** The expected root, as first seen. */
  found?: Finding;
  seconds?: number;
  /** What must not have been said, each once, in the order of appearance. */
  wrong: string[];
  /** What should have been said and was not. */
  missing: string[];
}

const POLL_MS = 2000;
/** A verdict that lasts this long is not a flicker. */
const SETTLE_MS = 10_000;
/** Consequences and advice may come a round after the cause, symptoms of checkpoints some checkpoints later. */
const REST_OF_STORY_MS = 60_000;

/** Before its fault begins, a job is a healthy one. */
const HEALTHY: Expectation = {};

export interface WatchOptions {
  api: WeirApi;
  expect: Expectation;
  /** When the fault began. */
  sinceMs: number;
  limitMs: number;
  mustRun: () => void;
}

/** Polls until the expected root fires, then until the rest of the story is told, noting everything wrong on the way. */
export async function watchForRoot(options: WatchOptions): Promise<Watched> {
  const { api, expect, sinceMs, limitMs } = options;
  const wrong = new Set<string>();
  let found: Finding | undefined;
  await poll(options, sinceMs + limitMs, async () => {
    const firing = await api.firing();
    const hasBegun = Date.now() >= sinceMs;
    noteWrong(firing, hasBegun ? expect : HEALTHY, wrong);
    found = hasBegun ? findExpected(firing, expect) : undefined;
    return found !== undefined;
  });
  if (!found) return { wrong: [...wrong], missing: [`${expect.rule ?? ''} within ${limitMs / 1000} s`] };

  const foundMs = Date.now();
  let missing: string[] = [];
  await poll(options, foundMs + REST_OF_STORY_MS, async () => {
    const firing = await api.firing();
    noteWrong(firing, expect, wrong);
    const problem = adviceProblem(await api.recommendations(), expect);
    const now = findExpected(firing, expect);
    found = now ?? found;
    const lost = now ? [] : [`${expect.rule ?? ''} did not last`];
    missing = [...missingSymptoms(firing, expect), ...(problem ? [problem] : []), ...lost];
    return missing.length === 0 && Date.now() - foundMs >= SETTLE_MS;
  });
  return { found, seconds: (foundMs - sinceMs) / 1000, wrong: [...wrong], missing };
}

/** For a job without a fault: the whole time must pass in silence. */
export async function watchForSilence(options: WatchOptions): Promise<Watched> {
  const { api, expect, sinceMs, limitMs } = options;
  const wrong = new Set<string>();
  await poll(options, sinceMs + limitMs, async () => {
    noteWrong(await api.firing(), expect, wrong);
    return false;
  });
  const problem = adviceProblem(await api.recommendations(), expect);
  return { wrong: [...wrong], missing: problem ? [problem] : [] };
}

function noteWrong(firing: readonly Finding[], expect: Expectation, wrong: Set<string>): void {
  for (const finding of wrongFindings(firing, expect)) wrong.add(describeFinding(finding));
}

/** A single failed answer is a busy machine; a service that stays silent is a failure. */
const MOST_FAILURES = 10;

async function poll(options: WatchOptions, untilMs: number, done: () => Promise<boolean>): Promise<void> {
  let failures = 0;
  while (Date.now() < untilMs) {
    options.mustRun();
    try {
      if (await done()) return;
      failures = 0;
    } catch (error) {
      if (++failures === MOST_FAILURES) throw error;
    }
    await delay(POLL_MS);
  }
}
