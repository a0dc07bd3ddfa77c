import { clamp, sum } from '../numbers.js';
import type { LiveFinding, Severity } from './finding.js';

/** What each firing measured root takes from 100. An info never matters to health; documented in docs/metrics.md. */
const DEDUCTIONS: Readonly<Record<Severity, number>> = { critical: 40, warning: 20, info: 0 };
const WINDOW_MS = 1_800_000;
/** A root that ended within the window still counts half: the job was ill a moment ago. */
const RESOLVED_SHARE = 0.5;

/** 0–100. Deductions of measured root findings of the last 30 minutes, but for snoozed ones; never from free slots. */
export function healthOf(findings: readonly LiveFinding[], nowMs: number): number {
  const lost = findings
    .filter((finding) => finding.snoozed === undefined)
    .filter((finding) => finding.role === 'root' && finding.basis === 'measured' && finding.state !== 'pending')
    .filter((finding) => finding.state === 'firing' || nowMs - (finding.resolvedMs ?? 0) <= WINDOW_MS)
    .map((finding) => DEDUCTIONS[finding.severity] * (finding.state === 'firing' ? 1 : RESOLVED_SHARE));
  return clamp(Math.round(100 - sum(lost)), 0, 100);
}
