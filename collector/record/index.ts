/** Bundles: what a cluster answered, in a file, and that file as a cluster again. */
export { createBundleFile, type BundleFile } from './bundle-file.js';
export type { BundleHeader, Ending } from './format.js';
export { DEFAULT_RECORDED_TASKS, DEFAULT_RECORDINGS_BYTES, MAX_BUNDLE_BYTES } from './limits.js';
export { readBundle, readBundles, type BundleAnswer, type BundlePart, type BundleRound } from './read-bundle.js';
export {
  createRecorder,
  type BundleSink,
  type RecordedRound,
  type Recorder,
  type RecorderOptions,
} from './recorder.js';
export { createReplay, type Replay } from './replay.js';
export { RecordingsFolder, recordedStretches, type RecordedStretch } from './recordings-folder.js';
export { RollingRecorder, type RollingOptions, type RollingRound } from './rolling-recorder.js';
