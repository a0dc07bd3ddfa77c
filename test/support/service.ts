import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const MAIN = join(import.meta.dirname, '..', '..', 'dist', 'main.js');
const START_MS = 120_000;
const POLL_MS = 200;

export interface RunningService {
  readonly url: string;
  readonly child: ChildProcess;
  /** Ends the process with a signal and waits until it is gone. */
  end(signal?: NodeJS.Signals): Promise<void>;
  json<T>(path: string): Promise<T>;
}

/** Starts the built service on a free port and waits until its first round has ended. */
export async function startService(args: readonly string[], cwd: string): Promise<RunningService> {
  const child = spawn(process.execPath, [MAIN, 'serve', '--listen', '127.0.0.1:0', ...args], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const url = await addressOf(child);
  const service: RunningService = {
    url,
    child,
    async end(signal = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    },
    async json<T>(path: string): Promise<T> {
      const response = await fetch(`${url}${path}`);
      return (await response.json()) as T; // The test names the wire type that the route answers with.
    },
  };
  await until(async () => (await fetch(`${url}/readyz`)).ok, START_MS, 'the service to be ready');
  return service;
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const [, url] = /Open (http:\/\/[^\s/]+)/.exec(said) ?? [];
      if (url !== undefined) resolve(url);
    });
    child.once('exit', (code) => reject(new Error(`the service ended with ${code}: ${said}`)));
  });
}

/** Asks again until it is so; the wait is for an event of another process, which cannot be awaited otherwise. */
export async function until(check: () => Promise<boolean>, withinMs: number, what: string): Promise<void> {
  const endMs = Date.now() + withinMs;
  while (Date.now() < endMs) {
    if (await check().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`waited ${withinMs / 1000} s for ${what}`);
}

export function temporaryDir(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'weir-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command of the built program to its end. */
export async function runWeir(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
  /** Sends a signal as soon as the command has said something on stderr. */
  interrupt?: { readonly signal: NodeJS.Signals; readonly whenSaid: string },
): Promise<CommandResult> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    if (interrupt === undefined || child.killed || !stderr.includes(interrupt.whenSaid)) return;
    child.kill(interrupt.signal);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}
