import type { WriteStream } from 'node:tty';

export interface Progress {
  /** A line that stays. */
  say(line: string): void;
  at(spentMs: number, what: string): void;
  end(): void;
}

const WIDTH = 24;
/** Without a terminal a line each half minute is enough. */
const QUIET_STEP_MS = 30_000;

/** A bar on a terminal, a line now and then elsewhere. Always on stderr: stdout belongs to the answer. */
export function createProgress(stream: NodeJS.WriteStream | WriteStream, wholeMs: number): Progress {
  let shownMs = -Infinity;
  return {
    say(line) {
      stream.write(`${stream.isTTY ? '\r\u001b[K' : ''}${line}\n`);
    },
    at(spentMs, what) {
      const share = Math.min(1, spentMs / wholeMs);
      const line = `${Math.round(spentMs / 1000)} of at most ${Math.round(wholeMs / 1000)} s: ${what}`;
      if (stream.isTTY) {
        const full = Math.round(share * WIDTH);
        stream.write(`\r\u001b[K[${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}] ${line}`);
      } else if (spentMs - shownMs >= QUIET_STEP_MS) {
        shownMs = spentMs;
        stream.write(`${line}\n`);
      }
    },
    end() {
      if (stream.isTTY) stream.write('\r\u001b[K');
    },
  };
}
