import { readFileSync } from 'node:fs';
import { createTransport } from 'nodemailer';
import type { Notice } from '../notice.js';
import type { Outcome, Send } from '../outcome.js';
import { mailHtml, mailSubject, mailText } from '../render/mail.js';
import { shortened } from './http.js';

const CONNECT_MS = 15_000;
/** RFC 5321 §4.5.3.2 asks for minutes; the next attempt comes sooner. */
const SOCKET_MS = 60_000;

export interface MailChannel {
  /** Name of the channel: part of each Message-ID. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** `starttls` refuses to go on without it; `tls` from the first byte; `none` for a relay on this machine. */
  readonly security: 'starttls' | 'tls' | 'none';
  /** PEM of the CA of a relay that the system does not trust. */
  readonly caFile: string | undefined;
  readonly username: string | undefined;
  readonly password: () => string | undefined;
  readonly from: string;
  readonly to: readonly string[];
}

/** The same for each attempt, so that mail servers and readers see a repetition as one; replies thread by it. */
export function messageId(noticeId: string, { name, from }: Pick<MailChannel, 'name' | 'from'>): string {
  const [, domain = 'weir.invalid'] = /@([\w.-]+)>?\s*$/.exec(from) ?? [];
  return `<${noticeId}.${name}@${domain}>`;
}

/** Mail over SMTP, as HTML with a text beside it. What ends an earlier message refers to it (RFC 5322 §3.6.4). */
export function mailSender(channel: MailChannel): Send {
  return async (notice, { id, isRepeated }) => {
    const { host, port, from, to } = channel;
    const transport = mailTransport(channel);
    try {
      await transport.sendMail({
        from,
        to: [...to],
        subject: mailSubject(notice),
        text: mailText(notice, isRepeated),
        html: mailHtml(notice, isRepeated),
        messageId: messageId(notice.id, channel),
        ...threadOf(notice, channel),
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Weir-Delivery': id },
      });
      return { kind: 'sent' };
    } catch (error) {
      return outcomeOfMail(error, `${host}:${port}`);
    } finally {
      transport.close();
    }
  };
}

/** A connection to the server of a channel; the caller closes it. */
export function mailTransport(
  channel: Pick<MailChannel, 'host' | 'port' | 'security' | 'caFile' | 'username' | 'password'>,
): ReturnType<typeof createTransport> {
  const { host, port, security, caFile, username, password } = channel;
  const ca = caFile === undefined ? undefined : readCa(caFile);
  return createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(ca === undefined ? {} : { tls: { ca } }),
    ...(username === undefined ? {} : { auth: { user: username, pass: password() ?? '' } }),
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SOCKET_MS,
    // What a message holds is never a file to read or an address to fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** A file that is gone is no reason to trust nobody: the system's own CAs then decide. */
function readCa(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function threadOf({ follows }: Notice, channel: MailChannel): { inReplyTo?: string; references?: string[] } {
  const references = follows.map((id) => messageId(id, channel));
  const last = references.at(-1);
  return last === undefined ? {} : { inReplyTo: last, references };
}

/** Failures that leave no message behind, by name or by what nodemailer says. */
const NOT_SENT = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EDNS|ETLS|EHOSTUNREACH|ENETUNREACH|EPROXY)$/;
const NOT_BEGUN = /Greeting never received|Connection timeout|ECONNREFUSED|ENOTFOUND|self-signed|certificate/i;
const NEVER = /^(EENVELOPE|EMESSAGE|ENOAUTH)$/;

/** SMTP's own classes (RFC 5321 §4.2.1): 4yz may pass, 5yz will not. Without an answer the network is at fault. */
export function outcomeOfMail(error: unknown, server: string): Outcome {
  const { code, responseCode, message } = detailsOf(error);
  const why = `${server}: ${shortened(message)}`;
  if (responseCode !== undefined && responseCode >= 400 && responseCode < 500)
    return { kind: 'later', why, maybeArrived: false };
  if (responseCode !== undefined || NEVER.test(code)) return { kind: 'refused', why };
  return { kind: 'later', why, maybeArrived: !NOT_SENT.test(code) && !NOT_BEGUN.test(message) };
}

function detailsOf(error: unknown): {
  readonly code: string;
  readonly responseCode?: number;
  readonly message: string;
} {
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const responseCode =
    'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : undefined;
  return { code, message: error.message, ...(responseCode === undefined ? {} : { responseCode }) };
}
