import { createHash } from 'node:crypto';
import { parseJson } from '../flink/decode/body.decode.js';
import { failure } from '../flink/failures.js';
import { MASK, maskText } from '../flink/mask.js';
import type { Transport } from '../flink/transport.js';
import type { Reading } from '../model/index.js';
import type { AnswerLine, BundleHeader, BundleLine, Ending } from './format.js';
import { BUNDLE_FORMAT, MAX_BUNDLE_BYTES, MIN_ACCESS_SECRET_CHARS } from './limits.js';
import { maskBody, maskPath, type MaskString } from './mask-body.js';

/** Takes whole rounds of lines. */
export interface BundleSink {
  /** Keeps the order of the calls, also when one comes before the last is done. */
  append(lines: string): Promise<void>;
}

export interface RecorderOptions {
  /** The live one: everything it answers is kept. */
  readonly transport: Transport;
  readonly sink: BundleSink;
  readonly weir: string;
  readonly cluster: string;
  readonly intervalMs: number;
  readonly maxRequestsPerSecond: number;
  readonly simulated?: boolean;
  /** What gets Weir past logins. A server may echo it, so it is looked for in everything that is kept. */
  readonly accessSecrets?: readonly string[];
  readonly maxBytes?: number;
}

export interface RecordedRound {
  readonly startMs: number;
  readonly endMs: number;
  readonly ok: boolean;
  /** Flink's version, once it is known. */
  readonly flink?: string | undefined;
}

export interface Recorder {
  /** For the client: reads on the live one, and keeps what comes. */
  readonly transport: Transport;
  /** Unpacked. */
  readonly bytes: number;
  readonly rounds: number;
  /** Takes an answer that did not come through `transport`. */
  keep(path: string, reading: Reading<string>): void;
  /** Writes the answers since the last round. False: they would not fit, so nothing was written and nothing will be. */
  endRound(round: RecordedRound): Promise<boolean>;
  end(ending: Ending): Promise<void>;
}

export function createRecorder(options: RecorderOptions): Recorder {
  return new AnswerRecorder(options);
}

class AnswerRecorder implements Recorder {
  readonly transport: Transport;
  readonly #options: RecorderOptions;
  readonly #mask: MaskString;
  /** Digest of the last body of each path. Its size is bounded by the bundle's. */
  readonly #lastBody = new Map<string, string>();
  #lines: string[] = [];
  bytes = 0;
  rounds = 0;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#mask = maskerFor(options.accessSecrets ?? []);
    this.transport = recordingTransport(options.transport, (path, reading) => this.keep(path, reading));
  }

  async endRound({ startMs, endMs, ok, flink }: RecordedRound): Promise<boolean> {
    const lines = this.#lines;
    this.#lines = [];
    if (this.rounds === 0) lines.unshift(toLine(this.#header(startMs, flink)));
    lines.push(toLine({ round: this.rounds + 1, startMs, endMs, ok }));
    const text = lines.join('');
    const bytes = this.bytes + Buffer.byteLength(text);
    if (bytes > (this.#options.maxBytes ?? MAX_BUNDLE_BYTES)) return false;
    this.bytes = bytes;
    this.rounds += 1;
    try {
      await this.#options.sink.append(text);
    } catch (error) {
      this.rounds -= 1;
      throw error;
    }
    return true;
  }

  async end(ending: Ending): Promise<void> {
    if (this.rounds > 0) await this.#options.sink.append(toLine({ end: ending }));
  }

  #header(startMs: number, flink: string | undefined): BundleHeader {
    const { transport, weir, cluster, intervalMs, maxRequestsPerSecond, simulated = false } = this.#options;
    const { prefixBytes } = transport;
    const url = this.#mask(transport.url);
    return {
      weirBundle: BUNDLE_FORMAT,
      weir,
      flink,
      cluster,
      url,
      prefixBytes,
      startMs,
      intervalMs,
      maxRequestsPerSecond,
      simulated,
    };
  }

  keep(path: string, reading: Reading<string>): void {
    this.#lines.push(toLine(this.#toAnswer(maskPath(path), reading)));
  }

  #toAnswer(path: string, reading: Reading<string>): AnswerLine {
    const { atMs } = reading;
    if (!reading.ok)
      return { path, atMs, failure: { ...reading.failure, message: this.#mask(reading.failure.message) } };
    const json = parseJson(reading.value);
    if (!json.ok) {
      // A key and its secret may stand far apart in a text that cannot be read, so none of it is kept.
      const message = `${path} was no whole JSON (${json.problem}): check proxies between Weir and the JobManager. Its text is not in the bundle.`;
      return { path, atMs, failure: failure('malformed', message) };
    }
    const body = maskBody(json.value, this.#mask);
    const digest = createHash('sha256').update(JSON.stringify(body)).digest('base64');
    if (this.#lastBody.get(path) === digest) return { path, atMs, same: true };
    this.#lastBody.set(path, digest);
    return { path, atMs, body };
  }
}

const toLine = (line: BundleHeader | BundleLine | AnswerLine): string => `${JSON.stringify(line)}\n`;

/** Reads on the live one, and tells what came. */
export function recordingTransport(live: Transport, keep: (path: string, reading: Reading<string>) => void): Transport {
  return {
    get url() {
      return live.url;
    },
    get prefixBytes() {
      return live.prefixBytes;
    },
    async read(endpoint, path) {
      const reading = await live.read(endpoint, path);
      keep(path, reading);
      return reading;
    },
    setPace: (pace) => live.setPace(pace),
    close: () => live.close(),
  };
}

/** Masks as the decoders do, and every word that this access is made of. */
function maskerFor(accessSecrets: readonly string[]): MaskString {
  const words = accessSecrets
    .flatMap((secret) => [secret, ...secret.split(/[\s;,=:]+/)])
    .filter((word) => word.length >= MIN_ACCESS_SECRET_CHARS)
    .sort((a, b) => b.length - a.length);
  return (text) => words.reduce((masked, word) => masked.replaceAll(word, MASK), maskText(text));
}
