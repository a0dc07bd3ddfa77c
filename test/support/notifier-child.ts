import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const BUILT = join(import.meta.dirname, '..', '..', 'dist', 'alerts');
const at = (path: string): string => JSON.stringify(pathToFileURL(join(BUILT, path)).href);

/** Tells of the jobs of argv[3] through the webhook of argv[1], with the outbox of argv[2], until it is killed. */
const SCRIPT = `
const { createNotifier } = await import(${at('notify/notifier.js')});
const { createHttp } = await import(${at('notify/send/http.js')});
const { webhookSender } = await import(${at('notify/send/webhook.js')});
const { routeOf, sightingOf, viewWith } = await import(${at('testing/build.js')});
const [, url, file, jobs] = process.argv;
const http = createHttp(() => undefined);
const send = webhookSender({ url: () => url, headers: {}, token: () => undefined, secret: () => undefined }, http);
const notifier = createNotifier({
  routes: [routeOf({ channels: ['hook'] })],
  channels: [{ name: 'hook', send, perMinute: 1000, gapMs: 0 }],
  feeds: [],
  context: { publicUrl: undefined },
  file,
  nowMs: Date.now,
  chance: Math.random,
  sleep: (ms, signal) => new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); });
  }),
  count: () => undefined,
  say: () => undefined,
});
notifier.start();
notifier.observe(viewWith(jobs.split(',').map((job) => sightingOf(job + '/tm-lost'))));
setInterval(() => undefined, 1000);
process.stdout.write('started\\n');
`;

/** The built notifier in a process of its own. */
export async function startNotifier(url: string, file: string, jobs: readonly string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT, url, file, jobs.join(',')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}
