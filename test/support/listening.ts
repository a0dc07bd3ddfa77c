import type { ChildProcess } from 'node:child_process';

const START_MS = 60_000;

/**
 * The address at which a server of the Prometheus family listens, which it writes into its log.
 *
 * @throws with that log when it ends before, or does not listen in time
 */
export function listeningAddress(child: ChildProcess, ready = /Listening on/): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error(`it did not start: ${text}`)), START_MS);
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      act();
    };
    child.once('error', (cause) => settle(() => reject(cause)));
    child.once('exit', () => settle(() => reject(new Error(`it ended: ${text}`))));
    child.stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const [, address] = /msg="?Listening on"? address=(\S+)/.exec(text) ?? [];
      if (address !== undefined && ready.test(text)) settle(() => resolve(`http://${address}`));
    });
  });
}
