import { createHmac } from 'node:crypto';
import type { Notice } from '../notice.js';
import type { Delivery, Send } from '../outcome.js';
import { outcomeOf, type Http } from './http.js';

/** Version of the body; it goes up when a receiver that reads the old one would err. */
export const WEBHOOK_VERSION = 1;

/** The body of a generic webhook, documented in docs/alerts.md. Times are epoch milliseconds. */
export function webhookBody(notice: Notice, { id, isRepeated }: Delivery) {
  const { kind, route, language, atMs, severity, cluster, owner, jobName, headline, items, more, link } = notice;
  return {
    version: WEBHOOK_VERSION,
    deliveryId: id,
    possiblyRepeated: isRepeated,
    kind,
    status: kind === 'resolved' || kind === 'cluster-back' ? 'resolved' : 'firing',
    route,
    language,
    atMs,
    severity,
    ...(cluster === undefined ? {} : { cluster }),
    ...(owner === undefined ? {} : { owner }),
    ...(jobName === undefined ? {} : { jobName }),
    headline,
    ...(link === undefined ? {} : { link }),
    findings: items,
    more,
  };
}

export interface WebhookChannel {
  readonly url: () => string;
  readonly headers: Readonly<Record<string, string>>;
  readonly token: () => string | undefined;
  readonly secret: () => string | undefined;
}

/**
 * JSON to a receiver of one's own. With a secret it is signed: `X-Weir-Signature: t=SECONDS,v1=HEX`, HMAC-SHA256 of `SECONDS.BODY`, so
 * that a receiver knows who sent it and when.
 */
export function webhookSender({ url, headers, token, secret }: WebhookChannel, http: Http): Send {
  return async (notice, delivery) => {
    const body = webhookBody(notice, delivery);
    const bearer = token();
    const key = secret();
    return outcomeOf(
      await http.post(
        {
          url: url(),
          body,
          headers: {
            ...headers,
            'x-weir-delivery': delivery.id,
            ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
            ...(key === undefined ? {} : { 'x-weir-signature': signature(key, JSON.stringify(body), delivery.nowMs) }),
          },
        },
        delivery.nowMs,
      ),
    );
  };
}

function signature(secret: string, body: string, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000);
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}
