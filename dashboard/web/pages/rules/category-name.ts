import { en } from '../../i18n/en.ts';
import type { MessageKey } from '../../i18n/message.ts';
import { t } from '../../lib/i18n.svelte.ts';

type CategoryKey = Extract<MessageKey, `category.${string}`>;

/** A rule's category (its folder) for a person; one that this dashboard does not know yet stays as it is. */
export function categoryName(category: string): string {
  const key = `category.${category}`;
  return isCategory(key) ? t(key) : category;
}

function isCategory(key: string): key is CategoryKey {
  return key.startsWith('category.') && Object.hasOwn(en, key);
}
