import { createHmac } from 'node:crypto';
import type { Notice } from '../notice.js';
import type { Delivery, Send } from '../outcome.js';
import { byteLength, clip, clipBytes } from '../render/cut.js';
import { DINGTALK, harmless } from '../render/markup.js';
import { fullest, paragraphs } from '../render/paragraphs.js';
import { outcomeByCode, type Codes } from './answer-code.js';
import type { Http } from './http.js';

/** The whole message may take 20 000 bytes (open.dingtalk.com/document/robots/custom-robot-access); the rest is for the frame around the text. */
const MAX_TEXT_BYTES = 18_000;
/** What the list of chats shows. */
const MAX_TITLE = 100;

/** -1 busy; 130101 and 90030 more than 20 a minute: the robot is mute for ten minutes. */
const CODES: Codes = { field: 'errcode', passing: [-1, 130101, 90030, 90018], afterMs: 600_000 };

export function dingtalkMessage(notice: Notice, { isRepeated }: Pick<Delivery, 'isRepeated'>) {
  const text = fullest(
    (detail) => [`### ${harmless(notice.headline)}`, ...paragraphs(notice, isRepeated, DINGTALK, detail)].join('\n\n'),
    (candidate) => byteLength(candidate) <= MAX_TEXT_BYTES,
  );
  return {
    msgtype: 'markdown',
    markdown: { title: clip(harmless(notice.headline), MAX_TITLE), text: clipBytes(text, MAX_TEXT_BYTES) },
  };
}

/**
 * The signature of a custom robot: base64 of HMAC-SHA256 with the secret as key over `TIMESTAMP\nSECRET`, in milliseconds, both in the query;
 * good for an hour (open.dingtalk.com/document/robots/customize-robot-security-settings).
 */
export function signedDingtalkUrl(url: string, secret: string | undefined, nowMs: number): string {
  if (secret === undefined) return url;
  const signed = new URL(url);
  signed.searchParams.set('timestamp', String(nowMs));
  signed.searchParams.set('sign', createHmac('sha256', secret).update(`${nowMs}\n${secret}`).digest('base64'));
  return signed.href;
}

/** A custom robot of a DingTalk group. */
export function dingtalkSender(url: () => string, secret: () => string | undefined, http: Http): Send {
  return async (notice, delivery) => {
    const { nowMs } = delivery;
    const to = signedDingtalkUrl(url(), secret(), nowMs);
    return outcomeByCode(await http.post({ url: to, body: dingtalkMessage(notice, delivery) }, nowMs), CODES);
  };
}
