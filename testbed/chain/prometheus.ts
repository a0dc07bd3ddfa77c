import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { freePorts } from '../flink/ports.js';
import { ManagedProcess } from '../managed-process.js';
import { repositoryRoot } from '../paths.js';
import { mustRun } from '../run.js';
import { weirProgram } from '../suite/weir-process.js';
import { waitFor } from '../wait.js';

/** Debian calls it by the longer name. */
const ALERTMANAGERS = ['prometheus-alertmanager', 'alertmanager'];
const READY_TIMEOUT_MS = 60_000;
/** Where the example's receivers are. */
const EXAMPLE_RECEIVER = 'http://127.0.0.1:9095';

const prometheusExample = z.looseObject({
  rule_files: z.array(z.string()),
  scrape_configs: z.array(z.looseObject({ job_name: z.string() })),
});

export interface ChainOptions {
  readonly dir: string;
  readonly weirUrl: string;
  readonly reporterUrls: readonly string[];
  readonly receiverUrl: string;
}

export interface Chain {
  mustRun(): void;
  /** Other reporters from now on. */
  scrape(reporterUrls: readonly string[]): void;
  stop(): Promise<void>;
}

/**
 * A real Prometheus and a real Alertmanager as in `deploy/prometheus`, with addresses of this machine put in; both families of rules
 * are loaded, to measure them on one fault. Weir's are exported by `weir rules export`.
 */
export async function startChain({ dir, weirUrl, reporterUrls, receiverUrl }: ChainOptions): Promise<Chain> {
  mkdirSync(dir, { recursive: true });
  const [alertmanagerPort, prometheusPort] = await freePorts(2);
  const alertmanager = await startAlertmanager(dir, `127.0.0.1:${alertmanagerPort}`, receiverUrl);
  const targetsFile = join(dir, 'reporters.json');
  const scrape = (urls: readonly string[]): void =>
    writeFileSync(targetsFile, JSON.stringify([{ targets: urls.map((url) => new URL(url).host) }]));
  scrape(reporterUrls);
  const args = ['rules', 'export', '--format', 'prometheus', '--out', dir, '--public-url', weirUrl];
  await mustRun(process.execPath, [weirProgram(), ...args], 'export the alert rules');
  const prometheus = await startPrometheus(dir, `127.0.0.1:${prometheusPort}`, {
    alertmanager: `127.0.0.1:${alertmanagerPort}`,
    weir: new URL(weirUrl).host,
    targetsFile,
  });
  return {
    scrape,
    mustRun: () => {
      alertmanager.mustRun();
      prometheus.mustRun();
    },
    stop: async () => void (await Promise.all([prometheus.stop(), alertmanager.stop()])),
  };
}

const deployed = (name: string): string => readFileSync(join(repositoryRoot(), 'deploy', 'prometheus', name), 'utf8');

async function startAlertmanager(dir: string, listen: string, receiverUrl: string): Promise<ManagedProcess> {
  const file = join(dir, 'alertmanager.yml');
  writeFileSync(file, deployed('alertmanager.yml').replaceAll(EXAMPLE_RECEIVER, receiverUrl));
  const args = [
    `--config.file=${file}`,
    `--storage.path=${join(dir, 'alertmanager')}`,
    `--web.listen-address=${listen}`,
    '--cluster.listen-address=',
  ];
  return started(await installed(ALERTMANAGERS), args, { dir, readyUrl: `http://${listen}/-/ready` });
}

interface Addresses {
  readonly alertmanager: string;
  readonly weir: string;
  readonly targetsFile: string;
}

async function startPrometheus(dir: string, listen: string, to: Addresses): Promise<ManagedProcess> {
  const example = prometheusExample.parse(parse(deployed('prometheus.yml')));
  const config = {
    ...example,
    rule_files: [...example.rule_files, 'flink-reporter-alerts.yml'],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [to.alertmanager] }] }] },
    scrape_configs: example.scrape_configs.map((scrape) =>
      scrape.job_name === 'weir'
        ? { ...scrape, static_configs: [{ targets: [to.weir] }] }
        : { job_name: scrape.job_name, file_sd_configs: [{ files: [to.targetsFile] }] },
    ),
  };
  const file = join(dir, 'prometheus.yml');
  writeFileSync(file, stringify(config));
  const args = [
    `--config.file=${file}`,
    `--storage.tsdb.path=${join(dir, 'prometheus')}`,
    `--web.listen-address=${listen}`,
  ];
  return started(await installed(['prometheus']), args, { dir, readyUrl: `http://${listen}/-/ready` });
}

async function installed(names: readonly string[]): Promise<string> {
  for (const name of names) {
    const isThere = await mustRun(name, ['--version'], 'look for it').then(
      () => true,
      () => false,
    );
    if (isThere) return name;
  }
  throw new Error(`${names.join(' or ')} is not installed: apt-get install prometheus prometheus-alertmanager`);
}

async function started(
  program: string,
  args: readonly string[],
  { dir, readyUrl }: { readonly dir: string; readonly readyUrl: string },
): Promise<ManagedProcess> {
  const child = new ManagedProcess(program, join(dir, `${program}.log`), program, args);
  await waitFor(async () => ((await fetch(readyUrl)).ok ? true : undefined), {
    what: `${program} is ready at ${readyUrl} (log: ${child.logFile})`,
    timeoutMs: READY_TIMEOUT_MS,
    stillPossible: () => child.mustRun(),
  });
  return child;
}
