import type { FlinkVersion } from '../../../collector/model/index.js';
import type { ConfigOption } from '../values/configuration.js';
import * as checkpoints from './checkpoint-options.js';
import { restartStrategy } from './effective-restart.js';

/** Every option that the model of checkpoints and restarts reads in a version. */
export function allOptions(version: FlinkVersion): readonly ConfigOption[] {
  return [
    checkpoints.INTERVAL,
    checkpoints.TIMEOUT,
    checkpoints.MIN_PAUSE,
    checkpoints.MAX_CONCURRENT,
    checkpoints.MODE,
    checkpoints.TOLERABLE_FAILURES,
    checkpoints.RETENTION,
    checkpoints.FORCE_UNALIGNED,
    ...Object.values({ ...checkpoints.knownTo(version) }),
    restartStrategy(version),
  ];
}
