import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../test/support/service.js';
import { sightingOf } from '../../testing/build.js';
import { alertmanagerPoster } from '../send/alertmanager.js';
import { createHttp } from '../send/http.js';
import { ended, findingAlert } from './alerts.js';

const PROGRAM = ['prometheus-alertmanager', 'alertmanager'].find(isInstalled);
/** Against a real one; where none is installed that is said, and in CI it is a failure. */
const IS_MISSING = PROGRAM === undefined && process.env.CI === undefined;
if (IS_MISSING)
  process.stderr.write('The API of Alertmanager is not tested: prometheus-alertmanager is not installed.\n');

const CONFIG = 'route: { receiver: nobody, group_wait: 1h }\nreceivers: [{ name: nobody }]\n';

describe.skipIf(IS_MISSING)('a real Alertmanager', () => {
  let dir = '';
  let url = '';
  let child: ChildProcess;
  const http = createHttp(() => undefined);
  beforeAll(async () => {
    if (PROGRAM === undefined) throw new Error('prometheus-alertmanager must be installed in CI');
    dir = mkdtempSync(join(tmpdir(), 'weir-alertmanager-'));
    writeFileSync(join(dir, 'alertmanager.yml'), CONFIG);
    const address = `127.0.0.1:${await freePort()}`;
    url = `http://${address}`;
    child = spawn(
      PROGRAM,
      [
        `--config.file=${join(dir, 'alertmanager.yml')}`,
        `--storage.path=${join(dir, 'data')}`,
        `--web.listen-address=${address}`,
        '--cluster.listen-address=',
      ],
      { stdio: 'ignore' },
    );
    await until(async () => (await fetch(`${url}/-/ready`)).ok, 30_000, 'Alertmanager');
  }, 40_000);
  afterAll(async () => {
    await http.close();
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    rmSync(dir, { recursive: true });
  });

  it('takes what stands, knows it again by its labels, and its end', async () => {
    const post = alertmanagerPoster(
      { urls: () => [`${url}/`], username: undefined, password: () => undefined, token: () => undefined },
      http,
    );
    const nowMs = Date.now();
    const context = { publicUrl: 'https://weir.example', language: 'en', owner: 'payments' } as const;
    const sighting = sightingOf('orders/skew-hot-key', { firstSeenMs: nowMs - 60_000, vertex: 'Map -> "Sink": é\n' });
    const alert = findingAlert(sighting, context, nowMs);
    expect(await post([alert], nowMs)).toEqual({ kind: 'sent' });
    expect(await post([findingAlert(sighting, context, nowMs + 1_000)], nowMs + 1_000)).toEqual({ kind: 'sent' });
    const standing = async () => (await (await fetch(`${url}/api/v2/alerts`)).json()) as readonly object[];
    expect(await standing()).toEqual([
      expect.objectContaining({
        labels: { ...alert.labels, vertex: 'Map -> "Sink": é' },
        annotations: alert.annotations,
        startsAt: alert.startsAt,
        generatorURL: alert.generatorURL,
      }),
    ]);
    const endMs = Date.now();
    expect(await post([ended(alert, endMs)], endMs)).toEqual({ kind: 'sent' });
    await until(async () => (await standing()).length === 0, 10_000, 'the alert to end');
  });

  it('refuses what is no alert, and says why', async () => {
    const post = alertmanagerPoster(
      { urls: () => [url], username: undefined, password: () => undefined, token: () => undefined },
      http,
    );
    const alert = findingAlert(
      sightingOf('orders/skew-hot-key'),
      { publicUrl: undefined, language: 'en', owner: undefined },
      0,
    );
    expect(await post([{ ...alert, labels: {} }], 0)).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('HTTP 400') as string,
    });
  });
});

function isInstalled(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo; // A listening TCP server has an AddressInfo.
  probe.close();
  await once(probe, 'close');
  return port;
}
