import type { Language } from '../../contract.ts';
import type { en, Messages } from './en.ts';

export type MessageKey = keyof Messages;

/** Stem of every pair `<stem>.one` / `<stem>.other`. */
export type PluralKey = MessageKey extends infer K ? (K extends `${infer Stem}.other` ? Stem : never) : never;

type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;

/** The parameters a text wants, read from its English form: forgetting one does not compile. */
export type TextParams<K extends MessageKey> = [Names<(typeof en)[K]>] extends [never]
  ? []
  : [params: Readonly<Record<Names<(typeof en)[K]>, string | number>>];

export function fill(text: string, params: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

export function placeholders(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort();
}

/** The first language we speak among those asked for. */
export function pickLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const word = tag.toLowerCase();
    if (word === 'zh' || word.startsWith('zh-')) return 'zh-CN';
    if (word === 'en' || word.startsWith('en-')) return 'en';
  }
  return 'en';
}
