// Makes a fresh clone ready: installs what is missing, and with the word `build` compiles what changed.
// Node built-ins only, because nothing is installed yet when it first runs. All output goes to stderr, so
// that `npm run -s weir -- check … --format json` keeps stdout clean.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MIN_NODE = [20, 19];
const root = fileURLToPath(new URL('..', import.meta.url));
const installMarker = join(root, 'node_modules', '.weir-installed');
const buildMarker = join(root, 'dist', '.weir-built');
/** Folders whose files decide whether a build is stale. */
const SOURCES = ['collector', 'analyzer', 'rules', 'dashboard', 'alerts', 'reports', 'sim', 'testbed', 'cli', 'bench'];
const SOURCE_FILES = [
  'main.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
  'tsconfig.json',
  'vite.config.ts',
];

export function say(line) {
  process.stderr.write(`weir: ${line}\n`);
}

function fail(line) {
  say(line);
  process.exit(2);
}

function run(command, args) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    // A production NODE_ENV in the shell must not drop the build tools.
    env: { ...process.env, NODE_ENV: 'development' },
    shell: command === 'npm' && process.platform === 'win32',
  });
  return result.status === 0;
}

/** The npm that called us, so that npm 10 and npm 11 each install with themselves. */
function npm(args) {
  const cli = process.env.npm_execpath;
  return cli?.endsWith('.js') ? run(process.execPath, [cli, ...args]) : run('npm', args);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > MIN_NODE[0] || (major === MIN_NODE[0] && minor >= MIN_NODE[1])) return;
  fail(`Node ${process.versions.node} is too old: install Node ${MIN_NODE.join('.')} or newer and run this again.`);
}

export function ensureInstalled() {
  checkNode();
  const lock = readFileSync(join(root, 'package-lock.json'));
  const want = createHash('sha256').update(lock).update(process.version).digest('hex');
  if (existsSync(installMarker) && readFileSync(installMarker, 'utf8') === want) return;
  say('installing dependencies (once; about 20 s) …');
  const flags = ['--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  if (!npm(['ci', ...flags]) && !npm(['install', ...flags])) {
    fail(
      'npm could not install the dependencies. Read its message above; check the network or the registry setting, then run this again.',
    );
  }
  writeFileSync(installMarker, want);
}

function newestChange(path) {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry === undefined) return 0;
  if (!entry.isDirectory()) return entry.mtimeMs;
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestChange(join(path, name))), entry.mtimeMs);
}

export function ensureBuilt() {
  const builtMs = statSync(buildMarker, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const changedMs = Math.max(...[...SOURCES, ...SOURCE_FILES].map((path) => newestChange(join(root, path))));
  if (builtMs > changedMs) return;
  say('building …');
  const bin = (name, file) => join(root, 'node_modules', name, file);
  const built =
    run(process.execPath, [bin('typescript', 'bin/tsc'), '-b', 'tsconfig.app.json']) &&
    run(process.execPath, [bin('vite', 'bin/vite.js'), 'build', '--logLevel', 'warn']);
  if (!built) fail('the build failed; the compiler’s message is above.');
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(buildMarker, new Date().toISOString());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensureInstalled();
  if (process.argv[2] === 'build') ensureBuilt();
}
