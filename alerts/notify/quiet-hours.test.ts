import { expect, it } from 'vitest';
import type { QuietHours } from './settings.js';
import { waits } from './quiet-hours.js';

const at = (text: string): number => Date.parse(text);
const NIGHT: QuietHours = { fromMinute: 22 * 60, toMinute: 7 * 60, timeZone: 'UTC', criticalPasses: true };
const BERLIN: QuietHours = { ...NIGHT, timeZone: 'Europe/Berlin' };
const SHANGHAI: QuietHours = { ...NIGHT, timeZone: 'Asia/Shanghai' };
const NOON: QuietHours = { ...NIGHT, fromMinute: 12 * 60, toMinute: 13 * 60, criticalPasses: false };

const table: readonly (readonly [string, QuietHours | undefined, 'warning' | 'critical', string, boolean])[] = [
  ['none', undefined, 'warning', '2026-01-05T23:00:00Z', false],
  ['the night before midnight', NIGHT, 'warning', '2026-01-05T23:00:00Z', true],
  ['the night after midnight', NIGHT, 'warning', '2026-01-05T00:00:00Z', true],
  ['its first minute', NIGHT, 'warning', '2026-01-05T22:00:00Z', true],
  ['the minute of its end', NIGHT, 'warning', '2026-01-05T07:00:00Z', false],
  ['the day', NIGHT, 'warning', '2026-01-05T12:00:00Z', false],
  ['the night, for a critical', NIGHT, 'critical', '2026-01-05T23:00:00Z', false],
  ['hours that let no critical pass', NOON, 'critical', '2026-01-05T12:30:00Z', true],
  ['Berlin in winter at 06:30', BERLIN, 'warning', '2026-01-05T05:30:00Z', true],
  ['Berlin in summer at 07:30', BERLIN, 'warning', '2026-07-05T05:30:00Z', false],
  ['the night the clock goes forward', BERLIN, 'warning', '2026-03-29T04:59:00Z', true],
  ['the morning after it went forward', BERLIN, 'warning', '2026-03-29T05:00:00Z', false],
  ['Shanghai at 22:00', SHANGHAI, 'warning', '2026-01-05T14:00:00Z', true],
];
it.each(table)('a message waits in %s', (_what, hours, severity, when, is) => {
  expect(waits(hours, severity, at(when))).toBe(is);
});
