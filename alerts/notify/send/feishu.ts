import { createHmac } from 'node:crypto';
import type { Notice } from '../notice.js';
import type { Delivery, Send } from '../outcome.js';
import { byteLength, clip } from '../render/cut.js';
import { FEISHU, harmless } from '../render/markup.js';
import { DETAILS, paragraphs } from '../render/paragraphs.js';
import { word } from '../words.js';
import { outcomeByCode, type Codes } from './answer-code.js';
import type { Http } from './http.js';

/** The body may take 20 KB (open.feishu.cn/document/client-docs/bot-v3/add-custom-bot); some room is for timestamp and signature. */
const MAX_CARD_BYTES = 19_000;
const MAX_TITLE = 200;

/** 11232: too often, or too many bots at the full hour. */
const CODES: Codes = { field: 'code', passing: [11232], afterMs: 60_000 };

/** An interactive card. Its colour is the severity, green for what is over. */
export function feishuCard(notice: Notice, isRepeated: boolean) {
  const cards = DETAILS.map((detail) => card(notice, paragraphs(notice, isRepeated, FEISHU, detail)));
  const short = card({ ...notice, items: [] }, [word('open', notice.language)]);
  return cards.find((one) => byteLength(JSON.stringify(one)) <= MAX_CARD_BYTES) ?? short;
}

function card(notice: Notice, texts: readonly string[]) {
  const { headline, link, language } = notice;
  return {
    config: { wide_screen_mode: true },
    header: { template: colourOf(notice), title: { tag: 'plain_text', content: clip(harmless(headline), MAX_TITLE) } },
    elements: [
      ...texts.map((content) => ({ tag: 'markdown', content })),
      ...(link === undefined
        ? []
        : [
            {
              tag: 'action',
              actions: [
                {
                  tag: 'button',
                  text: { tag: 'plain_text', content: word('open', language) },
                  url: link,
                  type: 'primary',
                },
              ],
            },
          ]),
    ],
  };
}

function colourOf({ kind, severity }: Notice): 'green' | 'blue' | 'red' | 'orange' {
  if (kind === 'resolved' || kind === 'cluster-back') return 'green';
  if (kind === 'test') return 'blue';
  return severity === 'critical' ? 'red' : 'orange';
}

/**
 * The signature of a custom bot: base64 of HMAC-SHA256 with `TIMESTAMP\nSECRET` as key over nothing, in seconds, both in the body; good for an
 * hour (open.feishu.cn/document/client-docs/bot-v3/add-custom-bot). Not the way DingTalk has it.
 */
export function feishuSignature(secret: string, seconds: number): string {
  return createHmac('sha256', `${seconds}\n${secret}`).digest('base64');
}

export function feishuMessage(
  notice: Notice,
  { isRepeated, nowMs }: Pick<Delivery, 'isRepeated' | 'nowMs'>,
  secret: string | undefined,
) {
  const seconds = Math.floor(nowMs / 1000);
  return {
    ...(secret === undefined ? {} : { timestamp: String(seconds), sign: feishuSignature(secret, seconds) }),
    msg_type: 'interactive',
    card: feishuCard(notice, isRepeated),
  };
}

/** A custom bot of a Feishu or Lark group. */
export function feishuSender(url: () => string, secret: () => string | undefined, http: Http): Send {
  return async (notice, delivery) =>
    outcomeByCode(
      await http.post({ url: url(), body: feishuMessage(notice, delivery, secret()) }, delivery.nowMs),
      CODES,
    );
}
