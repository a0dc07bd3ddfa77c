import { readFileSync } from 'node:fs';
import { MAX_PER_MINUTE, MIN_GAP_MS } from '../alerts/notify/pace.js';
import type { ChannelParts } from '../alerts/notify/notifier.js';
import type { Send } from '../alerts/notify/outcome.js';
import type { Http } from '../alerts/notify/send/http.js';
import { webhookSender } from '../alerts/notify/send/webhook.js';
import { secretVariable, type SecretKind } from './config/alert-secrets.js';
import type { ChannelConfig } from './config/alerts-schema.js';
import { UsageError } from './config/load.js';

type Env = Readonly<Record<string, string | undefined>>;

/** How the channels of the configuration send. A secret that is missing from the start is told at once. */
export function channelsOf(configs: readonly ChannelConfig[], http: Http, env: Env): readonly ChannelParts[] {
  const problems: string[] = [];
  const channels = configs.map((config, i): ChannelParts => {
    const secrets = secretsOf(config, `alerts.channels.${i}`, env, problems);
    return {
      name: config.name,
      send: senderOf(config, secrets, http),
      perMinute: config.maxPerMinute ?? MAX_PER_MINUTE[config.kind],
      gapMs: MIN_GAP_MS[config.kind],
    };
  });
  if (problems.length > 0) throw new UsageError(problems);
  return channels;
}

function senderOf(config: ChannelConfig, secrets: Secrets, http: Http): Send {
  switch (config.kind) {
    case 'webhook':
      return webhookSender(
        {
          url: secrets.url(),
          headers: config.headers,
          token: secrets.optional('TOKEN', config.bearerTokenFile),
          secret: secrets.optional('SECRET', config.secretFile),
        },
        http,
      );
  }
}

interface Secrets {
  url(): () => string;
  optional(kind: SecretKind, file: string | undefined): () => string | undefined;
}

/** Files are read again at each message, so rotated secrets need no restart. */
function secretsOf(config: ChannelConfig, path: string, env: Env, problems: string[]): Secrets {
  const optional = (kind: SecretKind, file: string | undefined): (() => string | undefined) => {
    const variable = env[secretVariable(config.name, kind)];
    if (variable !== undefined && variable !== '') return () => variable;
    if (file === undefined) return () => undefined;
    if (firstLine(file) === undefined)
      problems.push(`${path}: ${file} cannot be read; give the path of a file that this user may read`);
    return () => firstLine(file);
  };
  return {
    optional,
    url() {
      const secret = optional('URL', config.urlFile);
      const now = config.url ?? secret();
      if (now === undefined || !/^https?:\/\//.test(now) || !URL.canParse(now))
        problems.push(
          `${path}: needs the URL to send to: urlFile, or ${secretVariable(config.name, 'URL')}, with a URL that begins with https://`,
        );
      return () => config.url ?? secret() ?? '';
    },
  };
}

function firstLine(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/, 1)[0];
  } catch {
    return undefined;
  }
}
