import type { FlinkVersion } from '../../../collector/model/index.js';

export const isAtLeast = (version: FlinkVersion, major: number, minor: number): boolean =>
  version.major > major || (version.major === major && version.minor >= minor);
