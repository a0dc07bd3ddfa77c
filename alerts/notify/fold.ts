import { worstFirst, worstOf } from './compose.js';
import { digestHeadline } from './headline.js';
import type { Notice } from './notice.js';

/** Messages that wait for one channel; beyond it they are folded into one. */
export const MAX_WAITING = 10;
/** Items that a digest keeps: for machines; people are shown the first few. */
export const MAX_DIGEST_ITEMS = 200;

/** One notice that stands for several of one channel. Nothing is lost silently: what it does not list it counts. */
export function foldNotices(notices: readonly Notice[], id: string, nowMs: number, alreadyFolded: number): Notice {
  const [first] = notices;
  if (first === undefined) throw new Error('Only notices can be folded.');
  // Last word per finding: one that opened and ended while it waited has ended.
  const last = new Map(notices.flatMap(({ items }) => items).map((item) => [item.findingId, item]));
  const items = worstFirst([...last.values()]);
  return {
    id,
    kind: 'digest',
    route: first.route,
    language: first.language,
    atMs: nowMs,
    severity: notices.some(({ severity }) => severity === 'critical') ? 'critical' : worstOf(items),
    headline: digestHeadline(notices.length + alreadyFolded, first.language),
    items: items.slice(0, MAX_DIGEST_ITEMS),
    more: Math.max(0, items.length - MAX_DIGEST_ITEMS) + notices.reduce((sum, { more }) => sum + more, 0),
    follows: [],
  };
}
