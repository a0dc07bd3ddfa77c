import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { deployTemplateDrift } from './deploy-template-drift.js';

const set = (configuration: Readonly<Record<string, string>>, more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  configuration,
  ...more,
});
const KEY = 'execution.checkpointing.interval';

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on another value', set({ ['weir.template.' + KEY]: '60 s', [KEY]: '10 s' }), 'info job'],
  ['fires on an option that is not set', set({ ['weir.template.' + KEY]: '60 s' }), 'info job'],
  ['is clear when all agree', set({ ['weir.template.' + KEY]: '60 s', [KEY]: '60 s' }), 'clear'],
  [
    'is not evaluated without a template',
    set({ [KEY]: '60 s' }),
    'skipped: no template is told: options named weir.template.<option> in the cluster’s configuration would tell what the project sets',
  ],
  ['is skipped without a configuration', set({}), 'skipped: the configuration was not read yet'],
];

describe('deploy-template-drift', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, deployTemplateDrift);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [deployTemplateDrift])).toEqual([]);
  });
});
