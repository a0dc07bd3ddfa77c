import type { FlinkVersion } from '../../../collector/model/index.js';
import { readSet, type ConfigOption, type Configuration } from '../values/configuration.js';
import { readEnum } from '../values/enums.js';
import { isAtLeast } from '../values/flink-version.js';
import { attempt, type Attempt } from '../values/refusal.js';
import { readCheckpointConfig, readContinuesAfterTasksFinish } from './checkpoint-config.js';
import { effectiveCheckpointing, type Checkpointing } from './effective-checkpointing.js';
import { checkedRestart, defaultRestart, readRestart, type Restart } from './effective-restart.js';

/** What Flink makes of the settings of a job. */
export interface JobSettings {
  /** Undefined: the job makes no checkpoints. */
  readonly checkpointing?: Checkpointing;
  /** Refused only when the job is started. */
  readonly restart: Attempt<Restart>;
}

const RUNTIME_MODE: ConfigOption = { key: 'execution.runtime-mode' };
const RUNTIME_MODES = ['STREAMING', 'BATCH', 'AUTOMATIC'] as const;

/**
 * What Flink makes of a job with these settings, or its refusal to build the job. AUTOMATIC is taken for BATCH, which
 * it is where every source is bounded; checked against vectors of Flink's own classes, 1.13.6 to 2.3.0
 * (`fixtures/effective-settings.json`).
 */
export function jobSettings(
  configuration: Configuration,
  version: FlinkVersion,
  isBounded: boolean,
): Attempt<JobSettings> {
  return attempt(() => {
    const { config, runtimeMode } = readJob(configuration, version);
    const isBatch = runtimeMode === 'BATCH' || (runtimeMode === 'AUTOMATIC' && isBounded);
    const checkpointing = effectiveCheckpointing(config, version, isBatch);
    const restart = clusterRestart(configuration, version, checkpointing !== undefined);
    return { ...(checkpointing === undefined ? {} : { checkpointing }), restart };
  });
}

/** The restart strategy of a job that names none, on a cluster with this configuration, or Flink's refusal. */
export function clusterRestart(
  configuration: Configuration,
  version: FlinkVersion,
  isCheckpointing: boolean,
): Attempt<Restart> {
  return attempt(() => checkedRestart(readRestart(configuration, version) ?? defaultRestart(isCheckpointing, version)));
}

/** `StreamExecutionEnvironment.configure`: up to 1.18 it reads the restart strategy too, and that before the checkpoints. */
function readJob(configuration: Configuration, version: FlinkVersion) {
  const readMode = (): (typeof RUNTIME_MODES)[number] =>
    readSet(configuration, RUNTIME_MODE, (text) =>
      readEnum(text, 'org.apache.flink.api.common.RuntimeExecutionMode', RUNTIME_MODES),
    ) ?? 'STREAMING';
  if (isAtLeast(version, 1, 19)) {
    const config = readCheckpointConfig(configuration, version);
    return { config, runtimeMode: readMode() };
  }
  const runtimeMode = readMode();
  readContinuesAfterTasksFinish(configuration, version);
  readRestart(configuration, version);
  return { config: readCheckpointConfig(configuration, version), runtimeMode };
}
