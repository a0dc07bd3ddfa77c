import { unlink } from 'node:fs/promises';
import type { Command } from 'commander';
import {
  createBundleFile,
  createRecorder,
  MAX_BUNDLE_BYTES,
  systemClock,
  type BundleFile,
  type ClusterCollector,
  type Ending,
  type Recorder,
} from '../collector/index.js';
import { RULES } from '../rules/index.js';
import { accessFlags, accessFrom, accessSecretsOf, type AccessFlags } from './access-flags.js';
import { bytesInWords } from './bytes.js';
import { clusterFromUrl, collectorFor } from './clusters.js';
import type { ClusterConfig } from './config/schema.js';
import { parseDuration } from './config/durations.js';
import { UsageError } from './config/load.js';
import { createProgress, type Progress } from './progress.js';
import { VERSION } from './version.js';
import { watchRounds } from './watched-rounds.js';

interface RecordFlags extends AccessFlags {
  readonly out: string;
  readonly for: string;
}

const INTERVAL_MS = 10_000;
const OPTIONS = { rules: RULES, settings: {}, disabled: [] };
const COLLECT = { interval: INTERVAL_MS, maxRequestsPerSecond: 50, timeout: 5000 };

export function addRecord(program: Command): void {
  accessFlags(
    program
      .command('record <url>')
      .description('record what one cluster answers into a bundle, secrets masked, for weir analyze')
      .requiredOption('--out <file>', 'the bundle to write, such as orders.weir.gz; must not exist yet')
      .option('--for <duration>', 'how long to record', '5m'),
  ).action(async (url: string, flags: RecordFlags) => {
    process.exitCode = await record(url, flags);
  });
}

async function record(url: string, flags: RecordFlags): Promise<number> {
  const forMs = parseDuration(flags.for);
  if (forMs === undefined) throw new UsageError([`--for ${flags.for}: not a duration; write it as 90s or 5m`]);
  const cluster = { ...clusterFromUrl(url, new Set()), ...accessFrom(flags) };
  const secrets = accessSecretsOf(url, flags);
  const file = await newFile(flags.out);
  const { collector, recorder } = recordingCollector(cluster, file, secrets);
  const stop = stopOnSignal();
  let stopped: Promise<void> | undefined;
  const end = (): Promise<void> => (stopped ??= collector.stop());
  // Cuts the requests under way, so that nobody who wants to leave waits for a cluster.
  stop.addEventListener('abort', () => void end(), { once: true });
  const progress = createProgress(process.stderr, forMs);
  try {
    await watchRounds({ collector, simulated: false, analysis: OPTIONS, nowMs: () => Date.now(), onBug });
    const outcome = await recordRounds(collector, recorder, forMs, stop, progress);
    progress.end();
    if ('failure' in outcome) return couldNot(outcome.failure);
    if (recorder.rounds === 0) return couldNot(nothingBecause(outcome.ending));
    await recorder.end(outcome.ending);
    process.stdout.write(`${summary(flags.out, collector, recorder, file)}\n`);
    if (outcome.ending !== 'complete') process.stderr.write(`weir: ${WHY[outcome.ending]}\n`);
    return 0;
  } catch (error) {
    progress.end();
    return couldNot(`${flags.out}: cannot be written (${reasonOf(error)}); ${recorder.rounds} round(s) are in it`);
  } finally {
    await end();
    await file.close();
    if (recorder.rounds === 0) await unlink(flags.out);
  }
}

function recordingCollector(
  cluster: ClusterConfig,
  file: BundleFile,
  accessSecrets: readonly string[],
): { readonly collector: ClusterCollector; readonly recorder: Recorder } {
  let recorder: Recorder | undefined = undefined as Recorder | undefined;
  const collector = collectorFor(cluster, COLLECT, {
    onBug,
    through(transport) {
      recorder = createRecorder({
        transport,
        sink: file,
        weir: VERSION,
        cluster: cluster.name,
        intervalMs: INTERVAL_MS,
        maxRequestsPerSecond: COLLECT.maxRequestsPerSecond,
        accessSecrets,
      });
      return recorder.transport;
    },
  });
  if (recorder === undefined) throw new Error('A collector is always made with its transport.');
  return { collector, recorder };
}

async function recordRounds(
  collector: ClusterCollector,
  recorder: Recorder,
  forMs: number,
  stop: AbortSignal,
  progress: Progress,
): Promise<{ readonly ending: Ending } | { readonly failure: string }> {
  const startedMs = Date.now();
  for (;;) {
    const { ok, failure, atMs: endMs, durationMs } = await collector.readOnce();
    // The round that the stop has cut is not kept: it would look like a cluster that fails.
    if (stop.aborted) return { ending: 'stopped' };
    if (!ok && recorder.rounds === 0) return { failure: failure?.message ?? 'the cluster could not be read' };
    const flink = collector.status().flinkVersion?.text;
    if (!(await recorder.endRound({ startMs: endMs - durationMs, endMs, ok, flink }))) return { ending: 'full' };
    const spentMs = Date.now() - startedMs;
    progress.at(spentMs, `${recorder.rounds} round(s), ${collector.histories(endMs).length} job(s)`);
    const beatMs = Math.max(INTERVAL_MS, collector.status().stretchedToMs ?? 0);
    if (spentMs + beatMs > forMs) return { ending: 'complete' };
    await systemClock.sleep(beatMs - durationMs, stop);
    if (stop.aborted) return { ending: 'stopped' };
  }
}

const onBug = (error: Error): void => void process.stderr.write(`weir: ${error.message}\n`);

const WHY: Readonly<Record<Exclude<Ending, 'complete'>, string>> = {
  stopped: 'stopped before its time; what was recorded until then is in the bundle',
  full: `stopped at ${bytesInWords(MAX_BUNDLE_BYTES)} unpacked, the most a bundle holds; a shorter --for makes a smaller one`,
};

function nothingBecause(ending: Ending): string {
  return ending === 'full'
    ? `one round is larger than a bundle may be (${bytesInWords(MAX_BUNDLE_BYTES)}); nothing was recorded`
    : 'stopped before the first round was over; nothing was recorded';
}

function summary(out: string, collector: ClusterCollector, recorder: Recorder, file: BundleFile): string {
  const { name, flinkVersion, lastReadMs = 0 } = collector.status();
  const jobs = `${collector.histories(lastReadMs).length} job(s)`;
  const facts = flinkVersion === undefined ? jobs : `Flink ${flinkVersion.text}, ${jobs}`;
  return [
    `${out}: ${recorder.rounds} round(s) of ${name} (${facts}), ${bytesInWords(file.bytes)}.`,
    'Secrets are masked; names of hosts, jobs and operators are in it.',
    `Diagnose it: weir analyze ${out}`,
  ].join('\n');
}

async function newFile(out: string): Promise<BundleFile> {
  try {
    return await createBundleFile(out);
  } catch (error) {
    const reason = reasonOf(error);
    throw new UsageError([
      reason === 'EEXIST'
        ? `--out ${out}: exists already; name another file or remove this one`
        : `--out ${out}: cannot be written (${reason}); name a file in a folder that is there and may be written`,
    ]);
  }
}

function couldNot(why: string): number {
  process.stderr.write(`weir: ${why}\n`);
  return 2;
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException; // node:fs rejects with Errors.
  return code ?? message;
}

/** Aborts at the first Ctrl-C or SIGTERM; the second one ends the process as ever. */
function stopOnSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  return stop.signal;
}
