import { severityWord } from '../words.js';
import type { Notice } from '../notice.js';
import type { Delivery, Send } from '../outcome.js';
import { clip } from '../render/cut.js';
import { harmless, SLACK } from '../render/markup.js';
import { DETAILS, paragraphs } from '../render/paragraphs.js';
import { outcomeOf, type Http } from './http.js';

/** Limits of Block Kit: docs.slack.dev/reference/block-kit/blocks, header-block and section-block. */
const MAX_HEADER = 150;
const MAX_SECTION = 3_000;
const MAX_BLOCKS = 50;

/** Block Kit, with a text for notifications and readers that show no blocks. */
export function slackMessage(notice: Notice, { isRepeated }: Pick<Delivery, 'isRepeated'>) {
  const sections = fitting(notice, isRepeated);
  return {
    text: SLACK.text(`[${severityWord(notice.severity, notice.language)}] ${notice.headline}`),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: clip(harmless(notice.headline), MAX_HEADER), emoji: false } },
      ...sections.map((text) => ({ type: 'section', text: { type: 'mrkdwn', text } })),
    ].slice(0, MAX_BLOCKS),
    unfurl_links: false,
    unfurl_media: false,
  };
}

function fitting(notice: Notice, isRepeated: boolean): readonly string[] {
  const all = DETAILS.map((detail) => paragraphs(notice, isRepeated, SLACK, detail));
  const fit = all.find((sections) => sections.every(({ length }) => length <= MAX_SECTION));
  return fit ?? (all.at(-1) ?? []).map(cutSection);
}

/** A cut never leaves half of `&amp;`, nor a link without its end. */
function cutSection(section: string): string {
  return clip(section, MAX_SECTION - 1).replace(/(&[a-z]{0,4}|<[^>]*)…$/, '…');
}

/**
 * An incoming webhook answers `ok`, or an HTTP error with the reason as text
 * (docs.slack.dev/messaging/sending-messages-using-incoming-webhooks).
 */
export function slackSender(url: () => string, http: Http): Send {
  return async (notice, delivery) =>
    outcomeOf(await http.post({ url: url(), body: slackMessage(notice, delivery) }, delivery.nowMs));
}
