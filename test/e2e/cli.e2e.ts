import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckReport } from '../../cli/check-report.js';
import type { FindingsResponse } from '../../dashboard/contract.js';
import { ClusterSim } from '../../sim/model/cluster-sim.js';
import { DEMO_JOBS } from '../../sim/demo/jobs.js';
import { serveSim, type SimServer } from '../../sim/server.js';
import { MAIN, runWeir, startService, temporaryDir, until } from '../support/service.js';

const dir = temporaryDir();
afterAll(() => dir.remove());

async function listening(handler: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // A listening TCP server has an AddressInfo.
  return { url: `http://127.0.0.1:${port}`, server };
}

describe('weir check', () => {
  let sim: SimServer;
  beforeAll(async () => {
    sim = await serveSim(new ClusterSim(DEMO_JOBS, Date.now() - 1_800_000), () => Date.now());
  });
  afterAll(() => sim.close());

  it('prints a provisional word at once, then the cause and the change, and exits 1', async () => {
    const { code, stdout, stderr } = await runWeir(
      ['check', sim.url, '--job', 'billing-sink', '--for', '2m', '--format', 'json'],
      dir.path,
    );
    expect(stderr).toContain('provisional');
    const report = JSON.parse(stdout) as CheckReport;
    const [job] = report.jobs;
    const root = job?.findings.find(({ role, state }) => role === 'root' && state === 'firing');
    expect(root).toMatchObject({ rule: 'bp-external-wait', subject: { vertexName: 'price -> Sink: billing-db' } });
    expect(job?.recommendations[0]?.diffs['config.yaml']).toContain('pipeline.jobvertex-parallelism-overrides');
    expect(code).toBe(1);
  });

  it('exits 0 on a healthy job', async () => {
    const { code, stdout } = await runWeir(['check', sim.url, '--job', 'payments-ledger', '--for', '45s'], dir.path);
    expect(stdout).toContain('nothing to change');
    expect(code).toBe(0);
  });

  it('names the jobs there are when the one asked for is not', async () => {
    const { code, stderr } = await runWeir(['check', sim.url, '--job', 'nope', '--for', '10s'], dir.path);
    expect(stderr).toContain('no job "nope"');
    expect(stderr).toContain('billing-sink');
    expect(code).toBe(2);
  });
});

describe('weir rules', () => {
  it('ends well and says nothing when whoever reads it has seen enough', async () => {
    const child = spawn(process.execPath, [MAIN, 'rules', 'list'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null]; // What `close` is told with.
    expect([said, code]).toEqual(['', 0]);
  });
});

describe('weir record and weir analyze', () => {
  let sim: SimServer;
  beforeAll(async () => {
    sim = await serveSim(new ClusterSim(DEMO_JOBS, Date.now() - 1_800_000), () => Date.now());
  });
  afterAll(() => sim.close());

  it('two minutes of a cluster, then its causes without it; exit code 1', async () => {
    const recorded = await runWeir(['record', sim.url, '--out', 'demo.weir.gz', '--for', '2m'], dir.path);
    expect(recorded.code).toBe(0);
    expect(recorded.stdout).toContain('weir analyze demo.weir.gz');
    const { code, stdout, stderr } = await runWeir(
      ['analyze', 'demo.weir.gz', '--job', 'billing-sink', '--format', 'json'],
      dir.path,
    );
    expect(stderr).toContain('round(s)');
    const [job] = (JSON.parse(stdout) as CheckReport).jobs;
    const root = job?.findings.find(({ role, state }) => role === 'root' && state === 'firing');
    expect(root).toMatchObject({ rule: 'bp-external-wait', subject: { vertexName: 'price -> Sink: billing-db' } });
    expect(code).toBe(1);
  });

  it('what the service has recorded, also when it was killed: when a rule would have told', async () => {
    const service = await startService(['--flink', sim.url, '--data', 'kept'], dir.path);
    const hasFired = async (): Promise<boolean> => {
      const { findings } = await service.json<FindingsResponse>('/api/v1/findings?state=firing&role=root');
      return findings.some(({ rule }) => rule === 'bp-external-wait');
    };
    await until(hasFired, 180_000, 'bp-external-wait to be told');
    await service.end('SIGKILL');
    const stored = ['rules', 'test', '--stored', '--data', 'kept', '--rule', 'bp-external-wait'];
    const { code, stdout } = await runWeir([...stored, '--expect', 'fire'], dir.path);
    expect(stdout).toMatch(/billing-sink: .*\n\s+first seen after .*, told after .*, stood to the end/);
    expect(code).toBe(0);
    const silent = await runWeir([...stored, '--expect', 'silence'], dir.path);
    expect(silent.code).toBe(1);
    const other = await runWeir([...stored, '--cluster', 'other'], dir.path);
    expect(other.stderr).toContain('nothing is recorded of other');
    expect(other.code).toBe(2);
  });

  it('Ctrl-C keeps what was recorded and says so; a bundle is never written over', async () => {
    const args = ['record', sim.url, '--out', 'stopped.weir.gz', '--for', '5m'];
    const stopped = await runWeir(args, dir.path, {}, { signal: 'SIGINT', whenSaid: '1 round(s)' });
    expect(stopped.stderr).toContain('stopped before its time');
    expect(stopped.stdout).toContain('stopped.weir.gz: 1 round(s)');
    expect(stopped.code).toBe(0);
    const again = await runWeir(args, dir.path);
    expect(again.stderr).toContain('exists already');
    expect(again.code).toBe(2);
    const { code } = await runWeir(['analyze', 'stopped.weir.gz', '--job', 'payments-ledger'], dir.path);
    expect(code).toBe(0);
  });

  it('a cluster that cannot be reached leaves no file', async () => {
    const { code, stderr } = await runWeir(['record', 'http://127.0.0.1:1', '--out', 'none.weir.gz'], dir.path);
    expect(stderr).toContain('refused');
    expect(code).toBe(2);
    expect(existsSync(join(dir.path, 'none.weir.gz'))).toBe(false);
  });
});

describe('bad input exits 2 with one clear message each', () => {
  const cases: readonly { readonly args: readonly string[]; readonly says: readonly string[] }[] = [
    { args: ['check', 'not a url'], says: ['not a URL', 'http://jobmanager:8081'] },
    {
      args: ['check', 'http://127.0.0.1:1', '--for', 'soon', '--format', 'xml', '--fail-on', 'never'],
      says: ['--for soon', '--format xml', '--fail-on never'],
    },
    { args: ['check', 'http://127.0.0.1:1', '--header', 'nonsense'], says: ['--header nonsense', 'Name: value'] },
    { args: ['check', 'http://127.0.0.1:1'], says: ['refused', 'JobManager'] },
    { args: ['serve', '--listen', 'nowhere'], says: ['server.listen', 'HOST:PORT'] },
    { args: ['serve', '--listen', '0.0.0.0:0', '--flink', 'http://127.0.0.1:1'], says: ['token', '--insecure'] },
    { args: ['serve', '--config', 'missing.yaml'], says: ['missing.yaml', 'no such file'] },
    { args: ['serve', '--nonsense'], says: ['--nonsense'] },
    { args: ['rules', 'explain', 'nope'], says: ['no rule "nope"'] },
    { args: ['rules', 'test', '--rule', 'gc-leak'], says: ['either --bundle FILE… or --stored'] },
    { args: ['rules', 'test', '--rule', 'gc-leak', '--stored', '--since', 'x'], says: ['--since x', '6h'] },
    {
      args: ['rules', 'test', '--rule', 'gc-leak', '--stored', '--data', 'no'],
      says: ['no/recordings', 'weir record'],
    },
    { args: ['rules', 'test', '--rule', 'gc-leak', '--set', 'x=1', '--bundle', 'b'], says: ['--set x=1', 'it has: '] },
    { args: ['report', '--week', 'tomorrow'], says: ['--week tomorrow', '2026-W47'] },
    { args: ['report', '--send'], says: ['--send: mail is not configured', '--format html'] },
    { args: ['record', 'http://127.0.0.1:1', '--out', 'a.gz', '--for', 'soon'], says: ['--for soon', '5m'] },
    { args: ['record', 'http://127.0.0.1:1', '--out', 'no/such/a.gz'], says: ['--out no/such/a.gz', 'ENOENT'] },
    { args: ['record', 'http://127.0.0.1:1'], says: ['--out'] },
    { args: ['analyze', 'missing.gz'], says: ['missing.gz: there is no such file', 'weir record'] },
    { args: ['analyze', 'x.gz', '--format', 'xml'], says: ['--format xml'] },
    { args: ['nonsense'], says: ['nonsense'] },
  ];
  for (const { args, says } of cases) {
    it(`weir ${args.join(' ')}`, async () => {
      const { code, stdout, stderr } = await runWeir(args, dir.path);
      for (const words of says) expect(stderr).toContain(words);
      expect(stdout).toBe('');
      expect(code).toBe(2);
    });
  }

  it('weir serve on a port that is taken: said, and the half-started service ends', async () => {
    const { url, server } = await listening(() => undefined);
    const address = new URL(url).host;
    const { code, stderr } = await runWeir(['serve', '--listen', address, '--flink', 'http://127.0.0.1:1'], dir.path);
    server.close();
    expect(stderr).toContain(address);
    expect(code).toBe(2);
  });

  it('a configuration file with several faults: all at once, with their paths', async () => {
    const file = join(dir.path, 'bad.yaml');
    writeFileSync(file, 'server: { listn: x }\ncollect: { interval: soon }\nclusters: [{ name: a, url: ftp://x }]\n');
    const { code, stderr } = await runWeir(['serve', '--config', file], dir.path);
    for (const path of ['server.listn: unknown key', 'collect.interval', 'clusters.0.url'])
      expect(stderr).toContain(path);
    expect(code).toBe(2);
  });

  it('an unknown environment variable of Weir', async () => {
    const { code, stderr } = await runWeir(['serve'], dir.path, { WEIR_COLECT_INTERVAL: '5s' });
    expect(stderr).toContain('WEIR_COLECT_INTERVAL');
    expect(code).toBe(2);
  });

  const answers: readonly { readonly name: string; readonly handler: RequestListener; readonly says: string }[] = [
    {
      name: 'HTML',
      handler: (_, response) => response.setHeader('content-type', 'text/html').end('<html>login</html>'),
      says: 'HTML',
    },
    { name: '401', handler: (_, response) => response.writeHead(401).end(), says: '401' },
    { name: '503', handler: (_, response) => response.writeHead(503).end(), says: '503' },
    {
      name: 'cut JSON',
      handler: (_, response) =>
        response.setHeader('content-type', 'application/json').end('{"taskmanagers": 1, "slots-'),
      says: 'cut off',
    },
  ];
  for (const { name, handler, says } of answers) {
    it(`a server that answers with ${name}`, async () => {
      const { url, server } = await listening(handler);
      const { code, stderr } = await runWeir(['check', url, '--for', '10s'], dir.path);
      server.close();
      expect(stderr).toContain(says);
      expect(code).toBe(2);
    });
  }
});

describe('weir rules', () => {
  it('exports alert rules for every measured rule', async () => {
    const out = join(dir.path, 'alerts');
    const { code, stdout } = await runWeir(['rules', 'export', '--format', 'prometheus', '--out', out], dir.path);
    expect(code).toBe(0);
    const [file = '', reporter = ''] = stdout.trim().split('\n');
    expect(readFileSync(reporter, 'utf8')).toContain('alert: FlinkVertexAtItsLimit');
    expect(existsSync(join(dir.path, file)) || existsSync(file)).toBe(true);
    expect(readFileSync(file, 'utf8')).toContain(
      'weir_finding{rule="skew-hot-key", severity="critical", role="root", basis="measured"}',
    );
  });

  it('exports dashboards for Grafana', async () => {
    const out = join(dir.path, 'dashboards');
    const { code, stdout } = await runWeir(['rules', 'export', '--format', 'grafana', '--out', out], dir.path);
    expect(code).toBe(0);
    const files = stdout.trim().split('\n');
    expect(files).toHaveLength(9);
    for (const file of files) expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveProperty('panels');
  });

  it('lists and explains', async () => {
    expect((await runWeir(['rules', 'list'], dir.path)).stdout).toContain('bp-external-wait');
    expect((await runWeir(['rules', 'explain', 'gc-pressure'], dir.path)).stdout).toContain('warningRatio');
  });
});

describe('weir lint, memory and keygroups', () => {
  const write = (name: string, lines: readonly string[]): string => {
    const path = join(dir.path, name);
    writeFileSync(path, `${lines.join('\n')}\n`);
    return path;
  };

  it('lint names the key that Flink passes over, and exits 1', async () => {
    const file = write('flink-conf.yaml', ['execution.checkpointing.intervall: 10 s']);
    const { code, stdout } = await runWeir(['lint', file, '--flink', '1.20'], dir.path);
    expect(stdout).toContain('did you mean execution.checkpointing.interval?');
    expect(code).toBe(1);
  });

  it('lint takes the version from a FlinkDeployment, and exits 0 below --fail-on', async () => {
    const file = write('orders.yaml', [
      'kind: FlinkDeployment',
      'spec:',
      '  flinkVersion: v2_0',
      '  flinkConfiguration: {}',
    ]);
    const { code, stdout } = await runWeir(['lint', file, '--format', 'sarif', '--fail-on', 'critical'], dir.path);
    expect(JSON.parse(stdout)).toMatchObject({ version: '2.1.0' });
    expect(code).toBe(0);
  });

  it('lint without a version, or without the file, could not run', async () => {
    const file = write('config.yaml', ['parallelism.default: 2']);
    expect(await runWeir(['lint', file], dir.path)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--flink is missing'),
    });
    expect(await runWeir(['lint', 'nope.yaml', '--flink', '1.20'], dir.path)).toMatchObject({ code: 2 });
  });

  it('memory counts a file with options over it, or says Flink’s error and exits 1', async () => {
    const file = write('config.yaml', ['taskmanager.memory.process.size: 4g']);
    const counted = await runWeir(['memory', file, '--flink', '1.20', '--format', 'json'], dir.path);
    expect(JSON.parse(counted.stdout)).toMatchObject({ ok: true, memory: { xmx: 1_664_299_798 } });
    const refused = await runWeir(
      ['memory', file, '--flink', '1.20', '--set', 'taskmanager.memory.process.size=100m'],
      dir.path,
    );
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('exceed configured Total Process Memory'),
    });
  });

  it('keygroups shows shares and evener choices', async () => {
    const { code, stdout } = await runWeir(['keygroups', '--parallelism', '100', '--max-parallelism', '128'], dir.path);
    expect(stdout).toContain('parallelism 64: 2 key groups each; state stays usable');
    expect(code).toBe(0);
  });
});
