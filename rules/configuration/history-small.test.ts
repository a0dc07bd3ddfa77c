import { describe, expect, it } from 'vitest';
import { aDayOld, judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { historySmall } from './history-small.js';

const set = (configuration: Readonly<Record<string, string>>, more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  configuration,
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on the default and ten seconds', aDayOld(set({ a: 'b' })), 'info job'],
  ['is quiet from a minute on', aDayOld(set({ a: 'b' }, { checkpointing: { intervalMs: 60_000 } })), 'clear'],
  ['is quiet when more are kept', aDayOld(set({ 'web.checkpoints.history': '50' })), 'clear'],
  ['is quiet without periodic checkpoints', aDayOld(set({ a: 'b' }, { checkpointing: 'off' })), 'clear'],
  ['is quiet in the first day', set({ a: 'b' }), 'clear'],
  ['is skipped without a configuration', set({}), 'skipped: the configuration was not read yet'],
  ['is skipped while tasks are deployed', set({ a: 'b' }, { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('history-small', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, historySmall);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [historySmall])).toEqual([]);
  });

  it('remembers fifty', () => {
    expect(only(judged(aDayOld(set({ a: 'b' })), historySmall).advice).changes).toMatchObject([
      { key: 'web.checkpoints.history', from: null, to: 50 },
    ]);
  });
});
