import type { FlinkVersion } from '../../../collector/model/index.js';

export const isAtLeast = (version: FlinkVersion, major: number, minor: number): boolean =>
  version.major > major || (version.major === major && version.minor >= minor);

/** What a version that is not known is taken for. */
export const NEWEST_FLINK: FlinkVersion = { major: 2, minor: 3, text: '2.3' };
