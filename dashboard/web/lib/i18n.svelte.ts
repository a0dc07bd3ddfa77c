import type { Language } from '../../contract.ts';
import { en, type Messages } from '../i18n/en.ts';
import { fill, pickLanguage, type MessageKey, type PluralKey, type TextParams } from '../i18n/message.ts';
import { recall } from './memory.ts';
import { formatsFor, type Formats } from './format.ts';

let current = $state<Language>('en');
let messages = $state.raw<Messages>(en);
let formats = $state.raw<Formats>(formatsFor('en'));

export const language = (): Language => current;

/** A text of the present language. */
export function t<K extends MessageKey>(key: K, ...[params]: TextParams<K>): string {
  return fill(messages[key] ?? en[key], params ?? {});
}

/** A text that depends on a number: `<key>.one` or `<key>.other`, with `{n}` filled in. */
export function tn(key: PluralKey, n: number, params: Readonly<Record<string, string>> = {}): string {
  const full: MessageKey = `${key}.${formats.plural(n)}`;
  return fill(messages[full] ?? en[full], { n: formats.count(n), ...params });
}

/** Numbers, times and units of the present language. */
export const f = (): Formats => formats;

export async function useLanguage(next: Language): Promise<void> {
  messages = next === 'zh-CN' ? (await import('../i18n/zh-CN.ts')).zhCN : en;
  formats = formatsFor(next);
  current = next;
  document.documentElement.lang = next;
}

/** The address says it; else what was chosen here before; else the browser. */
export function wantedLanguage(fromQuery: string | null): Language {
  return pickLanguage([fromQuery, recall('lang'), ...navigator.languages].filter((tag) => tag !== null));
}
