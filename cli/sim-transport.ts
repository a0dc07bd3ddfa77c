import type { Transport } from '../collector/index.js';
import type { SimAnswer } from '../sim/rest/router.js';

const FAILED_FROM = 400;

/** Reads the simulated cluster in this process: the texts that its REST would send, without the wire. */
export function simTransport(route: (path: string) => SimAnswer, nowMs: () => number): Transport {
  return {
    url: 'demo cluster (simulated)',
    prefixBytes: 0,
    read(_endpoint, path) {
      const { status, body } = route(path);
      const atMs = nowMs();
      return Promise.resolve(
        status < FAILED_FROM
          ? { ok: true, value: JSON.stringify(body), atMs }
          : {
              ok: false,
              atMs,
              failure: { kind: status === 404 ? 'not-found' : 'http', status, message: `${path} answered ${status}` },
            },
      );
    },
    // The demo costs nobody anything, so nothing is paced.
    setPace: () => undefined,
    close: () => Promise.resolve(),
  };
}
