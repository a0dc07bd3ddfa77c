import { describe, expect, it } from 'vitest';
import { findApi } from './api-access.js';
import { decodeKubeconfig } from './kubeconfig.decode.js';

const PEM = '-----BEGIN CERTIFICATE-----\n';
const base64 = Buffer.from(PEM).toString('base64');

const config = (user: string, cluster = 'server: https://api:6443', current = 'current-context: main'): string => `
apiVersion: v1
kind: Config
${current}
contexts:
  - { name: main, context: { cluster: c, user: u, namespace: x } }
  - { name: other, context: { cluster: gone, user: u } }
clusters: [{ name: c, cluster: { ${cluster} } }]
users: [{ name: u, user: { ${user} } }]
`;

describe('a kubeconfig', () => {
  const good: readonly (readonly [string, string, object])[] = [
    ['a token', config('token: abc'), { auth: { bearerToken: 'abc' } }],
    ['a token file', config('tokenFile: /t'), { auth: { bearerTokenFile: '/t' } }],
    [
      'a client certificate',
      config(`client-certificate-data: ${base64}, client-key: k.pem`),
      { tls: { cert: PEM, keyFile: 'k.pem' } },
    ],
    ['a password', config('username: u, password: p'), { auth: { basic: { username: 'u', password: 'p' } } }],
    [
      'a CA in the file',
      config('', `server: "https://a", certificate-authority-data: ${base64}`),
      { server: 'https://a', tls: { ca: PEM } },
    ],
    ['a CA beside it', config('', 'server: "https://a", certificate-authority: ca.pem'), { tls: { caFile: 'ca.pem' } }],
    [
      'another name',
      config('', 'server: "https://a", tls-server-name: kubernetes'),
      { tls: { servername: 'kubernetes' } },
    ],
    [
      'no check',
      config('', 'server: "https://a", insecure-skip-tls-verify: true'),
      { tls: { rejectUnauthorized: false } },
    ],
    ['a proxy', config('', 'server: "https://a", proxy-url: "http://p:1"'), { proxy: 'http://p:1' }],
  ];
  it.each(good)('with %s', (_what, text, has) => {
    const decoded = decodeKubeconfig(text);
    expect(decoded).toMatchObject({ ok: true, value: has });
  });

  const bad: readonly (readonly [string, string, string | undefined, RegExp])[] = [
    ['exec', config('exec: { command: aws }'), undefined, /plugin "aws", which Weir does not run: give a token or/],
    ['auth-provider', config('auth-provider: { name: gcp }'), undefined, /plugin "gcp", which Weir does not run/],
    ['no current context', config('', undefined, ''), undefined, /has no current-context: name one with/],
    ['an unknown context', config(''), 'mine', /has no context "mine"/],
    ['a context without its cluster', config(''), 'other', /has no cluster "gone", which context "other" names/],
    ['no YAML', 'a: [', undefined, /\S/],
    ['another file', '[1, 2]', undefined, /is no kubeconfig/],
  ];
  it.each(bad)('with %s is told so', (_what, text, context, says) => {
    const decoded = decodeKubeconfig(text, context);
    expect(decoded.ok ? '' : decoded.problem).toMatch(says);
  });
});

describe('the API server', () => {
  const POD = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
  it('of the pod, by an address of version 6 too', async () => {
    expect(await findApi({}, { env: POD, accountDir: '/account' })).toEqual({
      ok: true,
      value: {
        server: 'https://[fd00::1]:443',
        auth: { bearerTokenFile: '/account/token' },
        tls: { caFile: '/account/ca.crt' },
        isInside: true,
      },
    });
  });

  it('of the pod at another address', async () => {
    const found = await findApi({ apiServer: 'https://api.example/' }, { env: POD, accountDir: '/account' });
    expect(found).toMatchObject({
      value: { server: 'https://api.example', auth: { bearerTokenFile: '/account/token' } },
    });
  });

  it('alone, without a login, as kubectl proxy serves it', async () => {
    const found = await findApi({ apiServer: 'http://127.0.0.1:8001/' }, { env: {}, accountDir: '/account' });
    expect(found).toEqual({ ok: true, value: { server: 'http://127.0.0.1:8001', auth: {}, tls: {}, isInside: false } });
  });

  it.each([
    [{ kubeconfig: '/no/such/file' }, {}, /kubeconfig \/no\/such\/file cannot be read/],
    [{}, { KUBECONFIG: '/no/such/file' }, /runs in no pod, and there is no kubeconfig/],
  ])('%j with %j is not found', async (choice, env, says) => {
    const found = await findApi(choice, { env, accountDir: '/account' });
    expect(found.ok ? '' : found.failure.message).toMatch(says);
  });
});
