import { oneLine } from '../words.js';
import type { Markup } from './paragraphs.js';

/**
 * The chats' dialects of Markdown have no escape that all of them take away again. So what could become a tag, a mention, a link, an image or
 * code is written with a look-alike; everything else stays as Flink has it.
 */
export function harmless(value: string): string {
  return oneLine(value)
    .replaceAll('<', '‹')
    .replaceAll('`', 'ˋ')
    .replaceAll('*', '∗')
    .replace(/\]\(/g, '] (')
    .replace(/!\[/g, '! [')
    .replace(/^#+/, (marks) => '＃'.repeat(marks.length))
    .replace(/^>/, '›');
}

/** A line that begins with a sign would be an item of a list. */
const diffLine = (line: string): string => harmless(line).replace(/^[-+]/, (sign) => (sign === '-' ? '−' : '＋'));

const bold = (escaped: string): string => `**${escaped}**`;

/** Our own addresses: percent-encoded by URL, but for the brackets that would end the link. */
const link = (label: string, url: string): string => `[${label}](${url.replaceAll('(', '%28').replaceAll(')', '%29')})`;

/** DingTalk knows headings, quotes, bold, links and lists, and wants an empty line where a new one begins. */
export const DINGTALK: Markup = {
  text: harmless,
  bold,
  link,
  diff: (lines) => lines.map((line) => `> ${diffLine(line)}`).join('\n\n'),
  newline: '\n\n',
};

/** WeCom knows inline code, no block of it. */
export const WECOM: Markup = {
  text: harmless,
  bold,
  link,
  diff: (lines) => lines.map((line) => `\`${harmless(line)}\``).join('\n'),
  newline: '\n',
};

/** Feishu's cards. */
export const FEISHU: Markup = {
  text: harmless,
  bold,
  link,
  diff: (lines) => lines.map(diffLine).join('\n'),
  newline: '\n',
};

/** Slack's mrkdwn: `&`, `<` and `>` are all that has a meaning of its own (docs.slack.dev/messaging/formatting-message-text). */
const slackText = (value: string): string =>
  oneLine(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export const SLACK: Markup = {
  text: slackText,
  // A star within would end the bold.
  bold: (escaped) => `*${escaped.replaceAll('*', '∗')}*`,
  link: (label, url) => `<${slackText(url).replaceAll('|', '%7C')}|${slackText(label)}>`,
  diff: (lines) => `\`\`\`${lines.map((line) => slackText(line).replaceAll('`', 'ˋ')).join('\n')}\`\`\``,
  newline: '\n',
};

export const PLAIN: Markup = {
  text: oneLine,
  bold: (escaped) => escaped,
  link: (label, url) => `${label}: ${url}`,
  diff: (lines) => lines.map((line) => `    ${line}`).join('\n'),
  newline: '\n',
};

export function escapeHtml(value: string): string {
  return oneLine(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export const HTML: Markup = {
  text: escapeHtml,
  bold: (escaped) => `<strong>${escaped}</strong>`,
  link: (label, url) => `<a href="${escapeHtml(url)}">${escapeHtml(label)}</a>`,
  diff: (lines) =>
    `<pre style="margin:4px 0;padding:8px;border:1px solid #8886;border-radius:4px;white-space:pre-wrap">${lines
      .map(escapeHtml)
      .join('\n')}</pre>`,
  newline: '<br>\n',
};
