import { parseDocument } from 'yaml';
import { z } from 'zod';
import type { Decoded } from '../../flink/decode/body.decode.js';
import { optionalText } from '../../flink/decode/fields.decode.js';
import type { FlinkAuth } from '../../flink/auth.js';
import type { TlsOptions } from '../../http/tls.js';

/** How one context of a kubeconfig reaches its API server. File names are as written: relative to the kubeconfig. */
export interface KubeconfigContext {
  readonly server: string;
  readonly tls: TlsOptions;
  readonly auth: FlinkAuth;
  readonly proxy?: string;
}

const cluster = z.object({
  server: z.string(),
  'certificate-authority': optionalText,
  'certificate-authority-data': optionalText,
  'insecure-skip-tls-verify': z.unknown().optional(),
  'tls-server-name': optionalText,
  'proxy-url': optionalText,
});
const user = z.object({
  token: optionalText,
  tokenFile: optionalText,
  'client-certificate': optionalText,
  'client-certificate-data': optionalText,
  'client-key': optionalText,
  'client-key-data': optionalText,
  username: optionalText,
  password: optionalText,
  exec: z.object({ command: optionalText }).nullish(),
  'auth-provider': z.object({ name: optionalText }).nullish(),
});
const kubeconfig = z.object({
  'current-context': optionalText,
  contexts: z
    .array(z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: optionalText }) }))
    .nullish(),
  clusters: z.array(z.object({ name: z.string(), cluster })).nullish(),
  users: z.array(z.object({ name: z.string(), user: user.nullish() })).nullish(),
});

const NO_LOGIN = user.parse({});

/** A kubeconfig's text; `context` instead of the current one. */
export function decodeKubeconfig(text: string, context?: string): Decoded<KubeconfigContext> {
  const document = parseDocument(text);
  const syntax = document.errors[0];
  if (syntax !== undefined) return problem(syntax.message.split('\n')[0] ?? 'not YAML');
  const parsed = kubeconfig.safeParse(document.toJS());
  if (!parsed.success) return problem('is no kubeconfig');
  const { contexts, clusters, users } = parsed.data;
  const name = context ?? parsed.data['current-context'];
  if (name === undefined) return problem('has no current-context: name one with discovery.kubernetes.context');
  const chosen = contexts?.find((entry) => entry.name === name)?.context;
  if (chosen === undefined) return problem(`has no context "${name}"`);
  const api = clusters?.find((entry) => entry.name === chosen.cluster)?.cluster;
  if (api === undefined) return problem(`has no cluster "${chosen.cluster}", which context "${name}" names`);
  const login = users?.find((entry) => entry.name === chosen.user)?.user ?? NO_LOGIN;
  const plugin = login.exec?.command ?? login['auth-provider']?.name;
  if (plugin !== undefined)
    return problem(
      `logs in with the plugin "${plugin}", which Weir does not run: give a token or a client certificate, or run Weir with a service account`,
    );
  return { ok: true, value: reach(api, login) };
}

function reach(api: z.infer<typeof cluster>, login: z.infer<typeof user>): KubeconfigContext {
  const { token, tokenFile, username, password } = login;
  const proxy = api['proxy-url'];
  return {
    server: api.server,
    tls: {
      ...pem('ca', api['certificate-authority-data'], api['certificate-authority']),
      ...pem('cert', login['client-certificate-data'], login['client-certificate']),
      ...pem('key', login['client-key-data'], login['client-key']),
      ...(api['tls-server-name'] === undefined ? {} : { servername: api['tls-server-name'] }),
      ...(api['insecure-skip-tls-verify'] === true ? { rejectUnauthorized: false } : {}),
    },
    auth: {
      ...(tokenFile === undefined ? {} : { bearerTokenFile: tokenFile }),
      ...(token === undefined ? {} : { bearerToken: token }),
      ...(username === undefined ? {} : { basic: { username, password: password ?? '' } }),
    },
    ...(proxy === undefined ? {} : { proxy }),
  };
}

/** `…-data` holds the PEM text as base64 and wins over the file. */
function pem(key: 'ca' | 'cert' | 'key', data: string | undefined, file: string | undefined): TlsOptions {
  if (data !== undefined) return { [key]: Buffer.from(data, 'base64').toString('utf8') };
  return file === undefined ? {} : { [`${key}File`]: file };
}

const problem = (text: string): Decoded<never> => ({ ok: false, problem: text });
