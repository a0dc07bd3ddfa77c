// Adds lockfile entries for optional platform binaries that the registry used to make the lockfile did not have.
// Without them `npm ci` refuses the lockfile on every machine ("package.json and package-lock.json are not in sync").
// The entries carry no integrity hash; regenerate the lockfile against the public registry to gain it.
// Run after each `npm install`: node scripts/complete-lock.mjs
import { readFileSync, writeFileSync } from 'node:fs';

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const added = [];
for (const entry of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    if (lock.packages[key] !== undefined || !/^\d/.test(version)) continue;
    const [, os, cpu] = /(linux|darwin|win32|freebsd|android|openbsd|sunos|aix|netbsd)-(\w+)/.exec(name) ?? [];
    lock.packages[key] = {
      version,
      ...(cpu === undefined ? {} : { cpu: [cpu] }),
      ...(os === undefined ? {} : { os: [os] }),
      ...(os === 'linux' ? { libc: [name.endsWith('musl') ? 'musl' : 'glibc'] } : {}),
      optional: true,
    };
    added.push(name);
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync('package-lock.json', `${JSON.stringify(lock, undefined, 2)}\n`);
process.stdout.write(`added ${added.length}: ${added.join(', ')}\n`);
