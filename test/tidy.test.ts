import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pageFileOf } from '../analyzer/engine/rule-page.js';
import { inLanguage } from '../analyzer/text.js';
import { RULES } from '../rules/index.js';
import { configSchema } from '../cli/config/schema.js';
import { OPERATIONS } from '../dashboard/server/openapi.js';

const ROOT = join(import.meta.dirname, '..');
const SKIPPED = new Set(['node_modules', 'dist', '.git']);

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder)).flatMap((name) => {
    const path = `${folder}/${name}`;
    if (SKIPPED.has(name)) return [];
    return statSync(join(ROOT, path)).isDirectory() ? filesBelow(path) : [path];
  });
}

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const sources = (folder: string): string[] =>
  filesBelow(folder).filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.endsWith('.d.ts'));

/** What each folder may import, besides itself and packages. The street of DESIGN §3. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'collector/model': [],
  collector: ['collector/model'],
  analyzer: ['collector/model'],
  rules: ['collector/model', 'analyzer'],
  'dashboard/server': ['collector/model', 'collector', 'analyzer', 'dashboard'],
  'dashboard/web': ['dashboard'],
  alerts: ['collector/model', 'analyzer', 'dashboard'],
  reports: ['collector/model', 'analyzer', 'dashboard'],
  sim: ['collector/model', 'analyzer/tuning'],
  testbed: [],
};

function importsOf(path: string): string[] {
  return [...read(path).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, target = '']) =>
    join(path, '..', target).replace(/\\/g, '/').replace(/\.js$/, '.ts'),
  );
}

const isIn = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

describe('imports run down the street', () => {
  for (const [folder, allowed] of Object.entries(MAY_IMPORT)) {
    it(`${folder} imports only from ${allowed.join(', ') || 'itself'}`, () => {
      const inner = Object.keys(MAY_IMPORT).filter((other) => other !== folder && isIn(other, folder));
      const own = filesBelow(folder).filter(
        (path) =>
          /\.(ts|svelte)$/.test(path) && !path.endsWith('.test.ts') && !inner.some((other) => isIn(path, other)),
      );
      expect(own.length).toBeGreaterThan(0);
      const strayed = own.flatMap((path) =>
        importsOf(path)
          .filter((target) => !isIn(target, folder) && !allowed.some((other) => isIn(target, other)))
          .map((target) => `${path} imports ${target}`),
      );
      expect(strayed).toEqual([]);
    });
  }

  it('the browser meets the server only in dashboard/contract.ts', () => {
    const met = filesBelow('dashboard/web')
      .filter((path) => /\.(ts|svelte)$/.test(path))
      .flatMap((path) => importsOf(path).filter((target) => !isIn(target, 'dashboard/web')));
    expect(new Set(met)).toEqual(new Set(['dashboard/contract.ts']));
  });
});

describe('pure folders', () => {
  const IMPURE =
    /\b(Date\.now|new Date\(\)|Math\.random|process\.(env|argv|stdout|stderr|exit|cwd|on|hrtime)\b|performance\.|console\.|setTimeout|setInterval|fetch\()|from 'node:/;
  for (const folder of ['collector/model', 'analyzer', 'rules']) {
    it(`${folder} has no clock, IO, environment, randomness or logging`, () => {
      const impure = sources(folder)
        .filter((path) => !path.includes('/testing/'))
        .filter((path) => IMPURE.test(read(path)));
      expect(impure).toEqual([]);
    });
  }
});

describe('each rule', () => {
  const files = filesBelow('rules').filter(
    (path) =>
      path.endsWith('.ts') &&
      !path.endsWith('.test.ts') &&
      !isIn(path, 'rules/support') &&
      path !== 'rules/index.ts' &&
      !path.endsWith('.d.ts'),
  );

  it('has one line in the registry', () => {
    expect(RULES.map((rule) => `rules/${rule.category}/${rule.id}.ts`).sort()).toEqual(files.sort());
  });

  for (const rule of RULES) {
    it(`${rule.id} has its test, its page and both languages`, () => {
      expect(existsSync(join(ROOT, `rules/${rule.category}/${rule.id}.test.ts`)), 'table test').toBe(true);
      for (const language of ['en', 'zh-CN'] as const)
        expect(existsSync(join(ROOT, 'docs/rules', pageFileOf(rule.id, language))), `page in ${language}`).toBe(true);
      expect(inLanguage(rule.title, 'en')).not.toBe('');
      expect(inLanguage(rule.title, 'zh-CN')).toMatch(/\p{Script=Han}/u);
      for (const option of Object.keys(rule.options))
        expect(read(`docs/rules/${rule.id}.md`), `option ${option}`).toContain(option);
    });
  }
});

describe('documentation', () => {
  it('has every configuration key in docs/configuration.md', () => {
    const keys = keysOf(configSchema.parse({ clusters: [{ name: 'a', url: 'http://a:1' }] }));
    const page = read('docs/configuration.md');
    expect(keys.filter((key) => !page.includes(`\`${key}\``))).toEqual([]);
  });

  it('has every metric in docs/metrics.md, and no other', () => {
    const names = new Set(
      [...read('dashboard/server/own-metrics.ts').matchAll(/'(weir_[a-z_]+)'/g)].map(([, name]) => name),
    );
    const documented = new Set([...read('docs/metrics.md').matchAll(/`(weir_[a-z_]+)/g)].map(([, name]) => name));
    expect(documented).toEqual(names);
  });

  it('has every route in docs/api.md', () => {
    const page = read('docs/api.md');
    expect(OPERATIONS.map(({ path }) => path).filter((path) => !page.includes(`/api/v1${path}`))).toEqual([]);
  });
});

describe('code', () => {
  const all = [
    'collector',
    'analyzer',
    'rules',
    'dashboard',
    'alerts',
    'reports',
    'sim',
    'testbed',
    'cli',
    'bench',
    'scripts',
    'test',
  ].flatMap(filesBelow);

  it('names no unfinished work and no type escape without a reason', () => {
    const own = all.filter((path) => /\.(ts|svelte|mjs|java)$/.test(path) && path !== 'test/tidy.test.ts');
    expect(
      own.filter((path) =>
        /\b(TODO|FIXME|HACK)\b|@ts-ignore|[\w)\]]\??: any[,;)\s=>\]]|as any(?=[,;)\]>]|$)/m.test(read(path)),
      ),
    ).toEqual([]);
  });

  it('names no registry in the lockfile and keeps every optional platform binary', () => {
    const lock = read('package-lock.json');
    expect(lock).not.toMatch(/"resolved": *"http/);
    const { packages } = JSON.parse(lock) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>;
    };
    const missing = Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
      Object.entries(optionalDependencies).flatMap(([name, version]) =>
        /^\d/.test(version) && packages[`node_modules/${name}`] === undefined ? [name] : [],
      ),
    );
    expect(missing).toEqual([]);
  });
});

function keysOf(value: unknown, prefix = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [prefix];
  const entries = Object.entries(value);
  return entries.length === 0
    ? [prefix]
    : entries.flatMap(([key, inner]) => keysOf(inner, prefix === '' ? key : `${prefix}.${key}`));
}
