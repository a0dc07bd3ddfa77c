import type { FlinkVersion } from '../../../collector/model/index.js';
import type { Configuration } from '../values/configuration.js';
import { checkpointSurprises } from './checkpoint-surprises.js';
import { jobSettings } from './effective-settings.js';
import { refusedSetting } from './refused-setting.js';
import { restartSurprises } from './restart-surprises.js';
import type { SettingNote } from './setting-note.js';
import { bareNumbers, namedTwice } from './written-surprises.js';

/** What Flink refuses of the settings of checkpoints and restarts, and what it silently takes otherwise than they read. */
export function checkSettings(configuration: Configuration, version: FlinkVersion): readonly SettingNote[] {
  const written = [...namedTwice(configuration, version), ...bareNumbers(configuration, version)];
  // A job whose sources are not known: AUTOMATIC may be streaming.
  const job = jobSettings(configuration, version, false);
  if (!job.ok) return [refusedSetting(job.refused, configuration, version), ...written];
  const { checkpointing, restart } = job.value;
  return [
    ...(restart.ok ? [] : [refusedSetting(restart.refused, configuration, version)]),
    ...checkpointSurprises(configuration, version, checkpointing),
    ...restartSurprises(configuration, version),
    ...written,
  ];
}
