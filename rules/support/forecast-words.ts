import { evidence } from '../../analyzer/engine/evidence.js';
import type { Evidence } from '../../analyzer/engine/finding.js';
import { isNarrow, type Forecast, type ToldForecast } from '../../analyzer/signals/forecast.js';
import { duration, durationRange, text, type Text } from '../../analyzer/text.js';

/** Closer ends than these tell nobody more than one moment does. */
const ONE_MOMENT = 1.05;

const NOW_MS = 1000;

/** When something comes: `in 3 to 5 h`, `within 8 min` where it may be at once, `in about 3 h` where both ends are the same. */
export function inTime({ inMs, lowMs, highMs }: ToldForecast): Text {
  if (highMs < NOW_MS) return text('at any moment', '随时');
  if (!isNarrow(lowMs, highMs)) return text(`within ${duration(highMs)}`, `${duration(highMs)} 内`);
  if (highMs <= ONE_MOMENT * lowMs) return text(`in about ${duration(inMs)}`, `约 ${duration(inMs)} 后`);
  const range = durationRange(lowMs, highMs);
  return text(`in ${range.en}`, `${range['zh-CN']} 后`);
}

const DAY_MS = 86_400_000;

/** The same by the clock: `2026-01-01 09:35 to 10:35 UTC`; from two days apart on, days alone. */
export function byClock({ lowMs, highMs }: ToldForecast, nowMs: number): Text {
  const [low, high] = [isoOf(nowMs + lowMs), isoOf(nowMs + highMs)];
  const [from, to] =
    highMs - lowMs >= 2 * DAY_MS
      ? [low.slice(0, 10), high.slice(0, 10)]
      : [low, low.slice(0, 10) === high.slice(0, 10) ? high.slice(11) : high];
  const [en, zh] = low === high ? [low, low] : [`${from} to ${to}`, `${from} 至 ${to}`];
  return text(`${en} UTC`, `${zh} UTC`);
}

const isoOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 16).replace('T', ' ');

/** The pace of the line and both ends, for the API and the card; an end that is open is left out. */
export function forecastEvidence(
  signal: 'timeLeft' | 'timeoutIn' | 'caughtUpIn',
  { inMs, lowMs, highMs }: Forecast,
  windowMs: number,
  limitMs?: number,
): readonly Evidence[] {
  return [
    ...evidence(`${signal}Ms`, inMs, windowMs, limitMs === undefined ? undefined : ['<=', limitMs]),
    ...evidence(`${signal}LowMs`, lowMs, windowMs),
    ...evidence(`${signal}HighMs`, highMs, windowMs),
  ];
}
