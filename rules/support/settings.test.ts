import { describe, expect, it } from 'vitest';
import { durationMs, isOff, isOn, settingOf, isContainer } from './settings.js';

describe('durationMs reads what Flink reads', () => {
  const table: readonly (readonly [string | undefined, number | undefined])[] = [
    ['180000', 180_000],
    ['10 s', 10_000],
    ['1min', 60_000],
    ['2 h', 7_200_000],
    ['PT50S', 50_000],
    ['PT1H30M', 5_400_000],
    ['P1D', 86_400_000],
    ['soon', undefined],
    ['5 fortnights', undefined],
    ['P', undefined],
    [undefined, undefined],
  ];
  it.each(table)('%s', (value, ms) => {
    expect(durationMs(value)).toBe(ms);
  });
});

it('the first name that is set counts, and an empty value is none', () => {
  expect(settingOf({ old: 'b' }, 'new', 'old')).toBe('b');
  expect(settingOf({ new: '', old: 'b' }, 'new', 'old')).toBe('b');
  expect(settingOf({}, 'new', 'old')).toBeUndefined();
});

it('on and off are words; anything else is neither', () => {
  expect([isOn({ a: 'TRUE' }, 'a'), isOff({ a: 'False' }, 'a')]).toEqual([true, true]);
  expect([isOn({ a: 'yes' }, 'a'), isOff({}, 'a')]).toEqual([false, false]);
});

it.each([
  [{ 'kubernetes.cluster-id': 'a' }, true],
  [{ 'execution.target': 'kubernetes-application' }, true],
  [{ 'execution.target': 'yarn-session' }, true],
  [{ 'execution.target': 'remote' }, false],
  [{}, false],
])('whether %j is a container', (configuration, is) => {
  expect(isContainer(configuration)).toBe(is);
});
