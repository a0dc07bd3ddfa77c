import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A message as the server's own parser reads it. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly tls: boolean;
  readonly user: string | null;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly html: string;
  readonly longestLine: number;
}

export interface MailServer {
  readonly port: number;
  /** The next message that the server takes, or took since the last call. */
  next(): Promise<ReceivedMail>;
  stop(): Promise<void>;
}

/** Whether Python and aiosmtpd are there. Where they are not that is said; in CI it is a failure. */
export function hasMailServer(env: NodeJS.ProcessEnv): boolean {
  const { status } = spawnSync('python3', ['-c', 'import aiosmtpd.smtp'], { stdio: 'ignore' });
  if (status === 0) return true;
  const why = 'python3 with aiosmtpd is not here (python3 -m pip install --target DIR aiosmtpd, then PYTHONPATH=DIR)';
  if (env.CI !== undefined) throw new Error(`Mail must be tested in CI: ${why}.`);
  process.stderr.write(`Mail is not tested: ${why}.\n`);
  return false;
}

/** Starts aiosmtpd with STARTTLS and the login weir / secret on a free port of the loopback. */
export async function startMailServer(script: string, cert: string, key: string): Promise<MailServer> {
  const child = spawn('python3', [script, cert, key], { stdio: ['ignore', 'pipe', 'inherit'] });
  const taken: ReceivedMail[] = [];
  let wake: () => void = () => undefined;
  const lines = createInterface(child.stdout);
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the mail server ended with ${code}`)));
    lines.on('line', (line) => {
      const read = JSON.parse(line) as { port?: number } & ReceivedMail; // Written by smtp-server.py.
      if (read.port !== undefined) return resolve(read.port);
      taken.push(read);
      wake();
    });
  });
  return {
    port,
    async next() {
      for (;;) {
        const mail = taken.shift();
        if (mail !== undefined) return mail;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    async stop() {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    },
  };
}

export const MAIL_SERVER_SCRIPT = join('alerts', 'testing', 'smtp-server.py');
