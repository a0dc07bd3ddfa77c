import { execFile } from 'node:child_process';

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end. A non-zero exit code is an answer; only a program that cannot be started throws. */
export function run(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Ran> {
  return new Promise((done, fail) => {
    execFile(program, args, { ...options, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') fail(error);
      else done({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

/** Runs a program that is expected to succeed; `what` says what for. */
export async function mustRun(
  program: string,
  args: readonly string[],
  what: string,
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  const ran = await run(program, args, options).catch((error: unknown) => {
    throw new Error(`${what}: cannot start ${program}`, { cause: error });
  });
  if (ran.code !== 0)
    throw new Error(`${what}: ${program} ended with ${ran.code}\n${lastLines(ran.stderr || ran.stdout, 20)}`);
  return ran.stdout;
}

export function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
