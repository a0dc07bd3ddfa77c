import type { Notice } from '../notice.js';
import type { Delivery, Send } from '../outcome.js';
import { byteLength, clip, clipBytes } from '../render/cut.js';
import { harmless, WECOM } from '../render/markup.js';
import { fullest, paragraphs } from '../render/paragraphs.js';
import { outcomeByCode, type Codes } from './answer-code.js';
import type { Http } from './http.js';

/** Of `markdown.content`, in UTF-8 (developer.work.weixin.qq.com/document/path/91770). */
export const MAX_CONTENT_BYTES = 4_096;
const MAX_HEADLINE = 200;

/** -1 busy; 45009 more than 20 a minute; 45033 too many at once (developer.work.weixin.qq.com/document/path/90313). */
const CODES: Codes = { field: 'errcode', passing: [-1, 45009, 45033], afterMs: 60_000 };

export function wecomMessage(notice: Notice, { isRepeated }: Pick<Delivery, 'isRepeated'>) {
  const headline = `**${clip(harmless(notice.headline), MAX_HEADLINE)}**`;
  const content = fullest(
    (detail) => [headline, ...paragraphs(notice, isRepeated, WECOM, detail)].join('\n\n'),
    (candidate) => byteLength(candidate) <= MAX_CONTENT_BYTES,
  );
  return { msgtype: 'markdown', markdown: { content: clipBytes(content, MAX_CONTENT_BYTES) } };
}

/** A robot of a WeCom group; the key in its URL is its secret. */
export function wecomSender(url: () => string, http: Http): Send {
  return async (notice, delivery) =>
    outcomeByCode(await http.post({ url: url(), body: wecomMessage(notice, delivery) }, delivery.nowMs), CODES);
}
