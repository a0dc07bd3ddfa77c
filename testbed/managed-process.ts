import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { onProcessEnd } from './cleanup.js';
import { lastLines } from './run.js';

/** How long a process gets to end by itself. */
const GRACE_MS = 10_000;
/** One stop and one run of a starved process. */
const TURN_MS = 100;

export interface ProcessOptions {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
}

/** A child process with a log file, that is killed when this program ends. */
export class ManagedProcess {
  readonly pid: number;
  readonly name: string;
  readonly logFile: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #endedBy: string | undefined;
  #isEnding = false;

  constructor(name: string, logFile: string, program: string, args: readonly string[], options: ProcessOptions = {}) {
    this.name = name;
    this.logFile = logFile;
    const log = openSync(logFile, 'a');
    try {
      // The open input pipe is a life line: it closes when this program is gone, and our JVMs then end (Launch.java).
      this.#child = spawn(program, args, { ...options, stdio: ['pipe', log, log] });
    } finally {
      closeSync(log);
    }
    // Writing is never tried; an error here only says that the process is gone, which `exit` says as well.
    this.#child.stdin?.on('error', () => {});
    this.#child.on('error', () => {});
    if (this.#child.pid === undefined) throw new Error(`cannot start ${name}: is ${program} there?`);
    this.pid = this.#child.pid;
    const unregister = onProcessEnd(() => this.#child.kill('SIGKILL'));
    this.#ended = new Promise((done) => {
      this.#child.once('exit', (code, signal) => {
        this.#endedBy = signal ?? `exit code ${code}`;
        unregister();
        done();
      });
    });
  }

  get running(): boolean {
    return this.#endedBy === undefined;
  }

  /** Throws, with the end of the log, when the process is no longer there. */
  mustRun(): void {
    if (this.#endedBy !== undefined)
      throw new Error(`${this.name} ended by itself (${this.#endedBy})\n${this.logTail()}`);
  }

  logTail(lines = 30): string {
    if (!existsSync(this.logFile)) return '';
    return `last lines of ${this.logFile}:\n${lastLines(readFileSync(this.logFile, 'utf8'), lines)}`;
  }

  /** Stops and continues it ten times a second, so that it runs for that share of the time (0–1), until it ends. */
  runOnlyFor(share: number): void {
    const turn = (signal: 'SIGSTOP' | 'SIGCONT', restMs: number): void => {
      if (!this.running || this.#isEnding) return;
      this.#child.kill(signal);
      setTimeout(
        () => (signal === 'SIGSTOP' ? turn('SIGCONT', TURN_MS * share) : turn('SIGSTOP', TURN_MS * (1 - share))),
        restMs,
      );
    };
    turn('SIGSTOP', TURN_MS * (1 - share));
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  async stop(): Promise<void> {
    this.#isEnding = true;
    // A stopped process would not hear that it shall end.
    this.#child.kill('SIGCONT');
    this.#child.kill('SIGTERM');
    const gentle = new AbortController();
    await Promise.race([this.#ended, delay(GRACE_MS, undefined, { signal: gentle.signal }).catch(() => {})]);
    gentle.abort();
    if (this.running) await this.kill();
  }
}
