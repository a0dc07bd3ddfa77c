import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { failure, quote } from '../../flink/failures.js';
import type { FlinkAuth } from '../../flink/auth.js';
import type { TlsOptions } from '../../http/tls.js';
import type { ReadFailure } from '../../model/index.js';
import { decodeKubeconfig, type KubeconfigContext } from './kubeconfig.decode.js';

/** Which API server to ask, in the words of the configuration. */
export interface ApiChoice {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Instead of the server that is found; alone it is asked without a login (as `kubectl proxy` serves it). */
  readonly apiServer?: string;
}

/** Where the API server is and how to log in there. */
export interface ApiAccess {
  /** Without a slash at its end. */
  readonly server: string;
  readonly auth: FlinkAuth;
  readonly tls: TlsOptions;
  readonly proxy?: string;
  /** True when Weir runs in this Kubernetes, so that its services can be reached by their names. */
  readonly isInside: boolean;
}

export type ApiAccessResult =
  { readonly ok: true; readonly value: ApiAccess } | { readonly ok: false; readonly failure: ReadFailure };

/** What of the process and the machine is looked at; a test brings its own. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where Kubernetes mounts the service account. */
  readonly accountDir: string;
}

export const SURROUNDINGS: Surroundings = {
  env: process.env,
  accountDir: '/var/run/secrets/kubernetes.io/serviceaccount',
};

/**
 * The kubeconfig that is named; else the service account of the pod that Weir runs in; else, with `apiServer`, that server
 * alone; else the kubeconfig of the user who runs Weir.
 */
export async function findApi(choice: ApiChoice, { env, accountDir }: Surroundings): Promise<ApiAccessResult> {
  const found = await findLogin(choice, env, accountDir);
  if (!found.ok || choice.apiServer === undefined) return found;
  return { ok: true, value: { ...found.value, server: withoutSlash(choice.apiServer) } };
}

async function findLogin(choice: ApiChoice, env: Surroundings['env'], accountDir: string): Promise<ApiAccessResult> {
  const { kubeconfig, context, apiServer } = choice;
  if (kubeconfig !== undefined) return fromKubeconfig(kubeconfig, context);
  const host = env['KUBERNETES_SERVICE_HOST'];
  if (host !== undefined && host !== '' && context === undefined)
    return { ok: true, value: fromAccount(host, env['KUBERNETES_SERVICE_PORT'] ?? '443', accountDir) };
  if (apiServer !== undefined) return { ok: true, value: { server: apiServer, auth: {}, tls: {}, isInside: false } };
  const usual = env['KUBECONFIG'] ?? join(homedir(), '.kube', 'config');
  if (existsSync(usual)) return fromKubeconfig(usual, context);
  const message =
    'Kubernetes: Weir runs in no pod, and there is no kubeconfig: name one with discovery.kubernetes.kubeconfig.';
  return { ok: false, failure: failure('unreachable', message) };
}

/** Token and CA are named, not read: the token rotates. */
function fromAccount(host: string, port: string, accountDir: string): ApiAccess {
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    auth: { bearerTokenFile: join(accountDir, 'token') },
    tls: { caFile: join(accountDir, 'ca.crt') },
    isInside: true,
  };
}

async function fromKubeconfig(path: string, context: string | undefined): Promise<ApiAccessResult> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    // node:fs rejects with Errors.
    const message = `Kubernetes: the kubeconfig ${path} cannot be read (${quote((error as Error).message)}).`;
    return { ok: false, failure: failure('unauthorized', message) };
  }
  const decoded = decodeKubeconfig(text, context);
  if (decoded.ok) return { ok: true, value: resolved(decoded.value, dirname(path)) };
  return { ok: false, failure: failure('unauthorized', `Kubernetes: the kubeconfig ${path} ${decoded.problem}.`) };
}

/** File names of a kubeconfig are relative to it. */
function resolved({ server, tls, auth, proxy }: KubeconfigContext, dir: string): ApiAccess {
  const at = (file: string): string => (isAbsolute(file) ? file : join(dir, file));
  return {
    server: withoutSlash(server),
    isInside: false,
    tls: {
      ...tls,
      ...(tls.caFile === undefined ? {} : { caFile: at(tls.caFile) }),
      ...(tls.certFile === undefined ? {} : { certFile: at(tls.certFile) }),
      ...(tls.keyFile === undefined ? {} : { keyFile: at(tls.keyFile) }),
    },
    auth: auth.bearerTokenFile === undefined ? auth : { ...auth, bearerTokenFile: at(auth.bearerTokenFile) },
    ...(proxy === undefined ? {} : { proxy }),
  };
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');
