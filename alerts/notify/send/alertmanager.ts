import type { PostAlerts } from '../alertmanager/feed.js';
import type { Outcome } from '../outcome.js';
import { outcomeOf, type Http } from './http.js';

export interface AlertmanagerChannel {
  /** All of one cluster of Alertmanagers: each is to be told (prometheus.io/docs/alerting/latest/high_availability). */
  readonly urls: () => readonly string[];
  readonly username: string | undefined;
  readonly password: () => string | undefined;
  readonly token: () => string | undefined;
}

/** `POST /api/v2/alerts` (github.com/prometheus/alertmanager, api/v2/openapi.yaml). Taken when one of them takes it. */
export function alertmanagerPoster(channel: AlertmanagerChannel, http: Http): PostAlerts {
  return async (alerts, nowMs) => {
    const headers = authorization(channel);
    const outcomes = await Promise.all(
      channel.urls().map(async (base): Promise<Outcome> => {
        const url = `${base.replace(/\/+$/, '')}/api/v2/alerts`;
        return outcomeOf(await http.post({ url, body: alerts, headers }, nowMs));
      }),
    );
    return (
      outcomes.find(({ kind }) => kind === 'sent') ??
      outcomes.find(({ kind }) => kind === 'later') ??
      outcomes[0] ?? { kind: 'refused', why: 'no URL' }
    );
  };
}

function authorization({ username, password, token }: AlertmanagerChannel): Readonly<Record<string, string>> {
  const bearer = token();
  if (bearer !== undefined) return { authorization: `Bearer ${bearer}` };
  if (username === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${username}:${password() ?? ''}`).toString('base64')}` };
}
