import type { Severity } from '../../analyzer/engine/finding.js';
import type { QuietHours } from './settings.js';

/** Whether a message of that severity waits now. */
export function waits(hours: QuietHours | undefined, severity: Severity, nowMs: number): boolean {
  if (hours === undefined || (severity === 'critical' && hours.criticalPasses)) return false;
  return isWithin(hours, minuteOfDay(nowMs, hours.timeZone));
}

/** The end is not within. The same minute twice is no hours at all. */
function isWithin({ fromMinute, toMinute }: QuietHours, minute: number): boolean {
  return fromMinute <= toMinute ? minute >= fromMinute && minute < toMinute : minute >= fromMinute || minute < toMinute;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Minutes since midnight on a wall clock there, summer time and all. */
export function minuteOfDay(nowMs: number, timeZone: string): number {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  formats.set(timeZone, format);
  const [hour = 0, minute = 0] = format.format(nowMs).split(':').map(Number);
  return hour * 60 + minute;
}
