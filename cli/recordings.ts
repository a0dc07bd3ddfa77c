import { join } from 'node:path';
import type { Logger } from 'pino';
import {
  RecordingsFolder,
  RollingRecorder,
  type ClusterCollector,
  type DiscoveredCluster,
  type RollingRound,
  type RoundResult,
  type Transport,
} from '../collector/index.js';
import { readSecret, type CollectorHooks } from './clusters.js';
import type { Config } from './config/schema.js';
import { collectorForFound } from './found-clusters.js';
import { VERSION } from './version.js';

/** Folder of the data directory in which the service keeps what small clusters answered. */
export const recordingsDir = (dataDir: string): string => join(dataDir, 'recordings');

export interface Recordings {
  /** The collector of a found cluster, and how to begin with recording it once the watch listens to it. */
  collectorFor(found: DiscoveredCluster): { readonly collector: ClusterCollector; record(): void };
  /** Ends a cluster's recording. */
  end(name: string): Promise<void>;
  endAll(): Promise<void>;
}

interface Parts {
  readonly store: Config['store'];
  readonly collect: Config['collect'];
  readonly hooks: CollectorHooks;
  readonly log: Logger;
}

/** Records what the clusters answer, so that a rule can be tried on it later. */
export function createRecordings({ store, collect, hooks, log }: Parts): Recordings {
  const folder = new RecordingsFolder(recordingsDir(store.dir), store.recordings);
  const recorders = new Map<string, RollingRecorder>();

  function recorded(found: DiscoveredCluster): { readonly collector: ClusterCollector; record(): void } {
    const { name } = found;
    let recorder: RollingRecorder | undefined = undefined as RollingRecorder | undefined;
    const through = (transport: Transport): Transport => {
      recorder = new RollingRecorder({
        transport,
        folder,
        weir: VERSION,
        cluster: name,
        intervalMs: collect.interval,
        maxRequestsPerSecond: collect.maxRequestsPerSecond,
        accessSecrets: () => secretsOf(found),
        onStop: (why) => log.info({ cluster: name }, `not recorded for a backtest: ${why}`),
      });
      return recorder.transport;
    };
    const collector = collectorForFound(found, collect, { ...hooks, through });
    return {
      collector,
      record() {
        const before = recorders.get(name);
        if (before !== undefined) before.close().catch(hooks.onBug);
        const current = recorder;
        if (current === undefined) throw new Error('A collector is always made with its transport.');
        recorders.set(name, current);
        // What a round has is not looked up for a cluster that is too large to be recorded.
        collector.onRound((result) => (current.isStopped ? undefined : current.endRound(roundOf(result, collector))));
      },
    };
  }

  async function end(name: string): Promise<void> {
    const recorder = recorders.get(name);
    recorders.delete(name);
    await recorder?.close();
  }

  return {
    collectorFor: (found) =>
      isRecorded(store, found)
        ? recorded(found)
        : { collector: collectorForFound(found, collect, hooks), record: () => undefined },
    end,
    endAll: async () => {
      await Promise.all([...recorders.keys()].map(end));
    },
  };
}

/**
 * A bundle holds REST's answers: where figures come from a reporter it would not tell all that the diagnosis saw, and of a History
 * Server there is nothing to try a rule on.
 */
const isRecorded = ({ kind, recordings }: Config['store'], found: DiscoveredCluster): boolean =>
  kind !== 'memory' &&
  kind !== 'influx' &&
  recordings.maxBytes > 0 &&
  recordings.maxTasks > 0 &&
  found.kind === undefined &&
  found.reporters === undefined &&
  found.prometheus === undefined;

function roundOf({ atMs, durationMs, ok }: RoundResult, collector: ClusterCollector): RollingRound {
  const running = collector.histories(atMs).filter(({ detail }) => detail.state === 'RUNNING');
  return {
    startMs: atMs - durationMs,
    endMs: atMs,
    ok,
    flink: collector.status().flinkVersion?.text,
    jobIds: running.map(({ jobId }) => jobId),
    tasks: running.reduce((tasks, { vertices }) => tasks + tasksOf(vertices), 0),
  };
}

const tasksOf = (vertices: readonly { readonly parallelism?: number }[]): number =>
  vertices.reduce((tasks, { parallelism = 0 }) => tasks + parallelism, 0);

/** What a cluster is reached with; a file that cannot be read now has no secret to mask. */
function secretsOf({ urls, access }: DiscoveredCluster): readonly string[] {
  const { bearerTokenFile, basic, headers = {} } = access?.auth ?? {};
  const passwordFile = basic !== undefined && 'passwordFile' in basic ? basic.passwordFile : undefined;
  const files = [bearerTokenFile, passwordFile].flatMap((file) => file ?? []);
  return [
    ...Object.values(headers),
    ...(basic !== undefined && 'password' in basic ? [basic.password] : []),
    ...files.flatMap((file) => {
      try {
        return [readSecret(file).trim()];
      } catch {
        return [];
      }
    }),
    ...urls.flatMap((url) => (URL.canParse(url) ? [decodeURIComponent(new URL(url).password)] : [])),
  ].filter((secret) => secret !== '');
}
