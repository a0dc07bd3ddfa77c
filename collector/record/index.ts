/** Bundles: what a cluster answered, in a file, and that file as a cluster again. */
export { createBundleFile, type BundleFile } from './bundle-file.js';
export type { BundleHeader, Ending } from './format.js';
export { MAX_BUNDLE_BYTES } from './limits.js';
export { readBundle, type BundleAnswer, type BundlePart, type BundleRound } from './read-bundle.js';
export {
  createRecorder,
  type BundleSink,
  type RecordedRound,
  type Recorder,
  type RecorderOptions,
} from './recorder.js';
export { createReplay, type Replay } from './replay.js';
