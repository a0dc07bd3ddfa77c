import type { Transport } from '../flink/transport.js';
import type { Reading } from '../model/index.js';
import type { BundleFile } from './bundle-file.js';
import { MAX_RECORDED_ROUND_CHARS, RECORDING_CARRIED_MS, RECORDING_STRETCH_MS } from './limits.js';
import {
  createRecorder,
  recordingTransport,
  type RecordedRound,
  type Recorder,
  type RecorderOptions,
} from './recorder.js';
import type { RecordingsFolder } from './recordings-folder.js';

export interface RollingOptions extends Omit<RecorderOptions, 'sink' | 'maxBytes' | 'accessSecrets'> {
  readonly folder: RecordingsFolder;
  /** Read anew for each stretch, for they are rotated. */
  readonly accessSecrets: () => readonly string[];
  /** Told once: why the cluster is not recorded any more. */
  readonly onStop: (why: string) => void;
}

export interface RollingRound extends RecordedRound {
  /** Jobs that run. */
  readonly jobIds: readonly string[];
  /** Their tasks. */
  readonly tasks: number;
}

/** The bundle under way. */
interface Stretch {
  readonly file: BundleFile;
  readonly recorder: Recorder;
  readonly startMs: number;
}

interface Answer {
  readonly path: string;
  readonly reading: Reading<string>;
}

/**
 * Records a cluster for as long as the service watches it, in bundles of an hour. What Flink is asked for only once or now and
 * then (configuration, names of metrics) stands again at the begin of each, so that each can be played alone. Never rejects: what cannot
 * be recorded is told, and the watch goes on.
 */
export class RollingRecorder {
  /** For the client: reads on the live one, and keeps what comes. */
  readonly transport: Transport;
  readonly #options: RollingOptions;
  #stretch: Stretch | undefined;
  /** Of the round under way. */
  #answers: Answer[] = [];
  #chars = 0;
  /** The last answer of each path, for the begin of the next stretch. */
  readonly #last = new Map<string, Reading<string>>();
  #isStopped = false;
  #work: Promise<void> = Promise.resolve();

  constructor(options: RollingOptions) {
    this.#options = options;
    this.transport = recordingTransport(options.transport, (path, reading) => {
      this.#take({ path, reading });
    });
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  endRound(round: RollingRound): Promise<void> {
    const answers = this.#takeAnswers();
    return this.#after(async () => {
      if (this.#isStopped) return;
      try {
        await this.#write(round, answers);
      } catch (error) {
        this.#stop(`cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
      }
    });
  }

  /** Ends the last bundle, after the rounds that were given before. */
  close(): Promise<void> {
    return this.#after(async () => {
      this.#isStopped = true;
      this.#options.folder.leave(this);
      await this.#endStretch();
    });
  }

  /** One thing at a time: a file is not closed under a round that is being written. */
  #after(work: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(work);
    return this.#work;
  }

  #take(answer: Answer): void {
    if (this.#isStopped) return;
    this.#chars += answer.reading.ok ? answer.reading.value.length : 0;
    if (this.#chars <= MAX_RECORDED_ROUND_CHARS) this.#answers.push(answer);
    else this.#stop(`a round has more than ${MAX_RECORDED_ROUND_CHARS / 1e6} MB`);
  }

  #takeAnswers(): readonly Answer[] {
    const answers = this.#answers;
    this.#answers = [];
    this.#chars = 0;
    return answers;
  }

  async #write(round: RollingRound, answers: readonly Answer[]): Promise<void> {
    const { folder } = this.#options;
    const refusal = folder.refusal(this, round.tasks);
    if (refusal !== undefined) {
      this.#stop(refusal);
      return;
    }
    if (this.#stretch !== undefined && this.#isFull(round.startMs)) await this.#endStretch();
    const isFirst = this.#stretch === undefined;
    const { recorder } = (this.#stretch ??= await this.#begin(round.startMs));
    // First, so that the answers of the round itself are the last.
    if (isFirst) for (const answer of this.#carried(round, answers)) recorder.keep(answer.path, answer.reading);
    for (const { path, reading } of answers) {
      recorder.keep(path, reading);
      if (reading.ok && isAskedRarely(path)) this.#last.set(path, reading);
    }
    if (!(await recorder.endRound(round))) await this.#endStretch();
    else if (isFirst) await folder.makeRoom();
  }

  #isFull(nowMs: number): boolean {
    if (this.#stretch === undefined) return false;
    const { file, startMs } = this.#stretch;
    return nowMs - startMs >= RECORDING_STRETCH_MS || file.bytes >= this.#options.folder.maxStretchBytes;
  }

  async #begin(startMs: number): Promise<Stretch> {
    const { folder, cluster, accessSecrets, ...options } = this.#options;
    const file = await folder.begin(cluster, startMs);
    return {
      file,
      recorder: createRecorder({ ...options, cluster, sink: file, accessSecrets: accessSecrets() }),
      startMs,
    };
  }

  async #endStretch(): Promise<void> {
    const stretch = this.#stretch;
    this.#stretch = undefined;
    if (stretch === undefined) return;
    await stretch.recorder.end('complete').finally(() => stretch.file.close());
  }

  /** What was answered before and is not in this round; of jobs that are gone nothing. */
  #carried({ startMs, jobIds }: RollingRound, answers: readonly Answer[]): readonly Answer[] {
    const asked = new Set(answers.map(({ path }) => path));
    for (const [path, { atMs }] of this.#last) {
      const jobId = /^\/jobs\/([0-9a-f]{32})\b/.exec(path)?.[1];
      const isGone = jobId === undefined ? startMs - atMs > RECORDING_CARRIED_MS : !jobIds.includes(jobId);
      if (isGone && path !== '/jobmanager/config') this.#last.delete(path);
    }
    return [...this.#last].flatMap(([path, reading]) => (asked.has(path) ? [] : [{ path, reading }]));
  }

  #stop(why: string): void {
    this.#isStopped = true;
    this.#takeAnswers();
    this.#options.folder.leave(this);
    this.#options.onStop(why);
    // Why it stopped is told; that the file cannot be closed either says nothing more.
    void this.#after(() => this.#endStretch().catch(() => undefined));
  }
}

/** Figures are asked for all the time, and checkpoints once each: neither is missed at the begin of a stretch. */
const isAskedRarely = (path: string): boolean => !path.includes('?get=') && !path.includes('/checkpoints/details/');
