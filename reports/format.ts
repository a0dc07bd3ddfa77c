import { amountOf } from '../analyzer/engine/amount.js';
import { compact, duration, inLanguage, text, type Language, type Text } from '../analyzer/text.js';
import type { Evidence, Unit } from '../analyzer/engine/finding.js';
import type { ExpectedEffect } from '../analyzer/engine/recommendation.js';
import type { Cost } from './cost.js';
import type { Span } from './facts.js';
import { WORDS } from './words.js';

/** `Fri 20 Nov`, `11月20日周五`; on an axis `Fri 20`, `20日周五`. */
export function dayOf(atMs: number, language: Language, where: 'text' | 'axis' = 'text'): string {
  const locale = language === 'en' ? 'en-GB' : 'zh-CN';
  return new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    day: 'numeric',
    ...(where === 'text' ? { month: 'short' } : {}),
    timeZone: 'UTC',
  })
    .format(atMs)
    .replace(',', '');
}

/** `16 Nov to 22 Nov 2026`. */
export function periodOf({ fromMs, toMs }: Span, language: Language): string {
  const locale = language === 'en' ? 'en-GB' : 'zh-CN';
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const year = new Date(toMs - 1).getUTCFullYear();
  return language === 'en'
    ? `${day.format(fromMs)} to ${day.format(toMs - 1)} ${year}`
    : `${year}年${day.format(fromMs)}至${day.format(toMs - 1)}`;
}

/** `Mon 16 Nov 03:00 to 09:00 (6 h)`. */
export function spanOf({ fromMs, toMs }: Span, language: Language): string {
  const clock = (atMs: number): string => new Date(atMs).toISOString().slice(11, 16);
  const sameDay = dayOf(fromMs, language) === dayOf(toMs - 1, language);
  const end = sameDay ? (clock(toMs) === '00:00' ? '24:00' : clock(toMs)) : `${dayOf(toMs, language)} ${clock(toMs)}`;
  const to = inLanguage(text('to', '至'), language);
  return `${dayOf(fromMs, language)} ${clock(fromMs)} ${to} ${end} (${duration(toMs - fromMs)})`;
}

/** Never rounded up to 100 %: `99.95 %`. */
export function uptime(ratio: number): string {
  return `${Math.floor(ratio * 10_000 + 1e-6) / 100} %`;
}

export function health(value: number | undefined, language: Language): string {
  return value === undefined ? inLanguage(WORDS.unknown, language) : String(Math.round(value));
}

export function moneyOf(value: number, currency: string, language: Language): string {
  return new Intl.NumberFormat(language, {
    style: 'currency',
    currency,
    maximumFractionDigits: value < 1000 ? 2 : 0,
  }).format(value);
}

/** `84 cores·h, 212 GB·h, €31.20`; undefined where nothing is known. */
export function costOf(cost: Cost, currency: string | undefined, language: Language): string | undefined {
  const word = (value: Text): string => inLanguage(value, language);
  const parts = [
    ...(cost.money === undefined || currency === undefined ? [] : [moneyOf(cost.money, currency, language)]),
    ...(cost.coreHours === undefined ? [] : [`${compact(cost.coreHours)} ${word(WORDS.coreHours)}`]),
    ...(cost.gbHours === undefined ? [] : [`${compact(cost.gbHours)} ${word(WORDS.gbHours)}`]),
  ];
  return parts.length === 0 ? undefined : parts.join(' · ');
}

/** `busy 97 % (limit >= 90 %)`. */
export function evidenceOf({ label, value, unit, threshold, comparison }: Evidence, language: Language): string {
  const limit =
    threshold === undefined
      ? ''
      : ` (${inLanguage(text('limit', '阈值'), language)} ${comparison ?? ''}${comparison === undefined ? '' : ' '}${amountOf(threshold, unit)})`;
  return `${inLanguage(label, language)} ${amountOf(value, unit)}${limit}`;
}

/** `records/s 900 → 1.8k (1.6k to 2k)`: a unit that its label names is not said four times more. */
export function effectOf({ label, from, to, low, high, unit }: ExpectedEffect, language: Language): string {
  const name = inLanguage(label, language);
  const said = (value: number): string => (isPlain(unit) ? compact(value) : amountOf(value, unit));
  const range = low === high ? '' : ` (${said(low)} ${inLanguage(text('to', '至'), language)} ${said(high)})`;
  const after = isPlain(unit) && unit !== 'count' && !name.includes(unit) ? ` ${unit}` : '';
  return `${name} ${said(from)} → ${said(to)}${range}${after}`;
}

/** A bare number with a word after it. */
const isPlain = (unit: Unit): boolean => !['ratio', 'ms', 's', 'bytes', 'bytes/s'].includes(unit);

/** Marks of a sentence in each language. */
export function punctuation(language: Language) {
  return language === 'en'
    ? { stop: '.', colon: ': ', semicolon: '; ', comma: ', ' }
    : { stop: '。', colon: '：', semicolon: '；', comma: '、' };
}
