import type { Language } from '../text.js';

/** What every rule's page says, in this order. */
export const PAGE_SECTIONS = ['finds', 'hurts', 'measured', 'thresholds', 'change', 'ignore'] as const;
export type PageSection = (typeof PAGE_SECTIONS)[number] | 'deviation';

/** The headings of a page; `deviation` is the one that not every page has. */
export const PAGE_HEADINGS: Readonly<Record<Language, Readonly<Record<PageSection, string>>>> = {
  en: {
    finds: 'What it finds',
    hurts: 'Why it hurts',
    measured: 'How it is measured',
    thresholds: 'Thresholds',
    change: 'What to change',
    ignore: 'When to ignore it',
    deviation: 'Deviation from the opening rule',
  },
  'zh-CN': {
    finds: '发现什么',
    hurts: '有何影响',
    measured: '如何判断',
    thresholds: '阈值',
    change: '如何处理',
    ignore: '何时可以忽略',
    deviation: '与开启规则的差异',
  },
};

/** Where the page of a rule lies in the folder of pages (`docs/rules`). */
export const pageFileOf = (ruleId: string, language: Language): string =>
  language === 'en' ? `${ruleId}.md` : `${language}/${ruleId}.md`;
