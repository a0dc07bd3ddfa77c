import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LABEL_SCHEMES } from '../prometheus/reporter/labels.js';
import { renderDashboard } from './dashboard.js';
import { dashboardsOf } from './export.js';

interface GrafanaPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
  readonly fieldConfig?: { readonly defaults: { readonly unit: string; readonly links?: readonly { url: string }[] } };
  readonly datasource?: { readonly uid: string };
}
interface GrafanaDashboard {
  readonly uid: string;
  readonly panels: readonly GrafanaPanel[];
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly type: string; readonly query: unknown }[];
  };
}

const DEPLOYED = join(import.meta.dirname, '..', '..', 'deploy', 'grafana');
const dashboards = dashboardsOf({ labels: LABEL_SCHEMES.plain });
// The shape is what renderDashboard writes.
const parsed = (options: Parameters<typeof dashboardsOf>[0]): GrafanaDashboard[] =>
  dashboardsOf(options).map((one) => JSON.parse(renderDashboard(one)) as GrafanaDashboard);

describe('deploy/grafana', () => {
  it('holds what the generator makes, and no more (else: weir rules export --format grafana --out deploy/grafana)', () => {
    expect(readdirSync(DEPLOYED).sort()).toEqual(dashboards.map(({ uid }) => `${uid}.json`).sort());
    for (const one of dashboards)
      expect(readFileSync(join(DEPLOYED, `${one.uid}.json`), 'utf8'), one.uid).toBe(renderDashboard(one));
  });
});

describe.each(parsed({ labels: LABEL_SCHEMES.plain }))('$uid', ({ panels, templating }) => {
  const shown = panels.filter(({ type }) => type !== 'row');

  it('has panels with title, description, unit, source and a legend for each query', () => {
    for (const { title, description, fieldConfig, datasource, targets = [], type } of shown) {
      expect(title).not.toBe('');
      expect(description ?? '', title).toMatch(/^\S.{9,}/);
      expect(fieldConfig?.defaults.unit, title).toMatch(/^[a-z/]+$/);
      expect(datasource?.uid).toBe('${datasource}');
      expect(targets.length, title).toBeGreaterThan(0);
      if (type !== 'table') for (const { legendFormat } of targets) expect(legendFormat, title).not.toBe('');
    }
  });

  it('has ids of their own, and no panel over another or out of the page', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const taken = new Set<string>();
    for (const { gridPos, title } of panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(taken.has(`${x} ${y}`), title).toBe(false);
          taken.add(`${x} ${y}`);
        }
    }
  });

  it('asks with variables that it has', () => {
    const names = new Set(templating.list.map(({ name }) => name));
    const text = JSON.stringify([panels, templating]).replace(/\$\{?__\w+/g, '');
    for (const [, name = ''] of text.matchAll(/\$\{?(\w+)/g)) {
      expect(names, name).toContain(name);
    }
    expect(templating.list[0]).toMatchObject({ name: 'datasource', type: 'datasource' });
  });
});

describe('links to Weir', () => {
  const urls = (options: Parameters<typeof dashboardsOf>[0]) =>
    parsed(options).flatMap(({ panels }) => panels.flatMap(({ fieldConfig }) => fieldConfig?.defaults.links ?? []));

  it('lead to the job, at the moment of the point that was clicked', () => {
    expect(urls({ labels: LABEL_SCHEMES.plain }).map(({ url }) => url)).toContain(
      '${weir}/open?cluster=${__field.labels.cluster}&job=${__field.labels.job_name}&at=${__value.time}',
    );
  });

  it('begin with the address that was given', () => {
    for (const { templating } of parsed({ labels: LABEL_SCHEMES.plain, publicUrl: 'https://weir.example' }))
      expect(templating.list.find(({ name }) => name === 'weir')?.query).toBe('https://weir.example');
  });
});

describe('labels', () => {
  it('of clusters become variables, and every query keeps to them', () => {
    const flink = parsed({ labels: LABEL_SCHEMES.kubernetes }).filter(({ uid }) => uid.startsWith('flink-'));
    expect(flink).toHaveLength(4);
    for (const { panels, templating } of flink) {
      expect(templating.list.map(({ name }) => name)).toContain('namespace');
      for (const { targets = [], title } of panels)
        for (const { expr } of targets) expect(expr, title).toContain('namespace=~"$namespace"');
    }
  });
});
