import type { ChannelParts, FeedParts } from '../alerts/notify/notifier.js';
import type { Send } from '../alerts/notify/outcome.js';
import { MAX_PER_MINUTE, MIN_GAP_MS } from '../alerts/notify/pace.js';
import { alertmanagerPoster } from '../alerts/notify/send/alertmanager.js';
import { dingtalkSender } from '../alerts/notify/send/dingtalk.js';
import { feishuSender } from '../alerts/notify/send/feishu.js';
import type { Http } from '../alerts/notify/send/http.js';
import { mailSender } from '../alerts/notify/send/mail.js';
import { slackSender } from '../alerts/notify/send/slack.js';
import { webhookSender } from '../alerts/notify/send/webhook.js';
import { wecomSender } from '../alerts/notify/send/wecom.js';
import { ChannelSecrets, type Env } from './channel-secrets.js';
import type { ChannelConfig } from './config/alerts-schema.js';
import { UsageError } from './config/load.js';

type MessageConfig = Exclude<ChannelConfig, { readonly kind: 'alertmanager' }>;
type AlertmanagerConfig = Extract<ChannelConfig, { readonly kind: 'alertmanager' }>;

export interface Channels {
  readonly channels: readonly ChannelParts[];
  readonly feeds: readonly FeedParts[];
}

/** How the channels of the configuration send. A secret that is missing from the start is told at once. */
export function channelsOf(configs: readonly ChannelConfig[], http: Http, env: Env): Channels {
  const problems: string[] = [];
  const channels: ChannelParts[] = [];
  const feeds: FeedParts[] = [];
  configs.forEach((config, i) => {
    const { name } = config;
    const secrets = new ChannelSecrets(name, `alerts.channels.${i}`, env, problems);
    if (config.kind === 'alertmanager') feeds.push({ name, post: posterOf(config, secrets, http) });
    else
      channels.push({
        name,
        send: senderOf(config, secrets, http),
        perMinute: config.maxPerMinute ?? MAX_PER_MINUTE[config.kind],
        gapMs: MIN_GAP_MS[config.kind],
      });
  });
  if (problems.length > 0) throw new UsageError(problems);
  return { channels, feeds };
}

function posterOf({ url, ...config }: AlertmanagerConfig, secrets: ChannelSecrets, http: Http) {
  const urls = typeof url === 'string' ? [url] : url;
  return alertmanagerPoster(
    {
      urls: () => urls,
      username: config.username,
      password: secrets.optional('PASSWORD', config.passwordFile),
      token: secrets.optional('TOKEN', config.bearerTokenFile),
    },
    http,
  );
}

function senderOf(config: MessageConfig, secrets: ChannelSecrets, http: Http): Send {
  switch (config.kind) {
    case 'slack':
      return slackSender(secrets.url(config), http);
    case 'dingtalk':
      return dingtalkSender(secrets.url(config), secrets.optional('SECRET', config.secretFile), http);
    case 'feishu':
      return feishuSender(secrets.url(config), secrets.optional('SECRET', config.secretFile), http);
    case 'wecom':
      return wecomSender(secrets.url(config), http);
    case 'webhook': {
      const token = secrets.optional('TOKEN', config.bearerTokenFile);
      const secret = secrets.optional('SECRET', config.secretFile);
      return webhookSender({ url: secrets.url(config), headers: config.headers, token, secret }, http);
    }
    case 'mail': {
      const { name, host, port, security, username, from, to } = config;
      secrets.check(config.ca);
      const password = secrets.optional('PASSWORD', config.passwordFile);
      return mailSender({ name, host, port, security, caFile: config.ca, username, password, from, to });
    }
  }
}
