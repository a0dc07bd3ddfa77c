/** Grafana's names of units. */
export type Unit = 's' | 'ms' | 'bytes' | 'percentunit' | 'short' | 'cps' | 'reqps' | 'recordsps' | 'none';

export interface Query {
  readonly expr: string;
  /** With labels in `{{ }}`; one word where there is one line. */
  readonly legend: string;
}

export interface Panel {
  readonly kind: 'timeseries' | 'stat' | 'table';
  readonly title: string;
  /** What it shows and what to see in it. */
  readonly description: string;
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** What a cluster must have for this to show anything: said below the description. */
  readonly needs?: string;
  /** Of 24. */
  readonly width?: number;
  /** A link of each line or row. */
  readonly link?: PanelLink;
  readonly max?: number;
}

export interface PanelLink {
  readonly title: string;
  readonly url: string;
}

export interface PanelRow {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** Lines over time. */
export const lines = (
  title: string,
  unit: Panel['unit'],
  description: string,
  ...queries: readonly Query[]
): Panel => ({
  kind: 'timeseries',
  title,
  unit,
  description,
  queries,
});

/** One figure. */
export const one = (title: string, unit: Panel['unit'], description: string, expr: string): Panel => ({
  kind: 'stat',
  title,
  unit,
  description,
  queries: [{ expr, legend: title }],
});

/** A sum that has no series where there is nothing to count is 0. */
export const orNone = (expr: string): string => `${expr} or on () vector(0)`;

const WIDTH = 24;
const HEIGHTS: Readonly<Record<Panel['kind'], number>> = { timeseries: 8, table: 9, stat: 4 };
const DEFAULT_WIDTHS: Readonly<Record<Panel['kind'], number>> = { timeseries: 12, table: 24, stat: 4 };
const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/** The panels of the rows as Grafana has them, from left to right and from top to bottom. */
export function layOut(rows: readonly PanelRow[]): readonly object[] {
  const laidOut: object[] = [];
  let y = 0;
  for (const row of rows) {
    laidOut.push({
      id: laidOut.length + 1,
      type: 'row',
      title: row.title,
      collapsed: false,
      gridPos: { x: 0, y, w: WIDTH, h: 1 },
      panels: [],
    });
    y += 1;
    let [x, lineHeight] = [0, 0];
    for (const panel of row.panels) {
      const [w, h] = [panel.width ?? DEFAULT_WIDTHS[panel.kind], HEIGHTS[panel.kind]];
      if (x + w > WIDTH) {
        y += lineHeight;
        [x, lineHeight] = [0, 0];
      }
      laidOut.push(toGrafana(panel, laidOut.length + 1, { x, y, w, h }));
      x += w;
      lineHeight = Math.max(lineHeight, h);
    }
    y += lineHeight;
  }
  return laidOut;
}

function toGrafana(panel: Panel, id: number, gridPos: object): object {
  const { kind, title, description, needs, unit, queries, link, max } = panel;
  return {
    id,
    type: kind,
    title,
    description: needs === undefined ? description : `${description}\n\nNeeds: ${needs}`,
    datasource: DATASOURCE,
    gridPos,
    targets: queries.map(({ expr, legend }, i) => ({
      refId: String.fromCharCode(65 + i),
      datasource: DATASOURCE,
      expr,
      legendFormat: legend,
      ...(kind === 'timeseries' ? { range: true } : { instant: true, range: false }),
      ...(kind === 'table' ? { format: 'table' } : {}),
    })),
    fieldConfig: {
      defaults: {
        unit: UNIT_NAMES[unit] ?? unit,
        ...(unit === 'percentunit' ? { min: 0 } : {}),
        ...(max === undefined ? {} : { max }),
        ...(link === undefined ? {} : { links: [{ ...link, targetBlank: true }] }),
        custom: kind === 'timeseries' ? { lineWidth: 1, fillOpacity: 5, showPoints: 'never', spanNulls: false } : {},
      },
      overrides: [],
    },
    options: OPTIONS[kind],
    // A table shows labels as columns; moment and value of the answer tell nothing more.
    ...(kind === 'table'
      ? {
          transformations: [
            { id: 'organize', options: { excludeByName: { Time: true, Value: true }, renameByName: {} } },
          ],
        }
      : {}),
  };
}

const UNIT_NAMES: Readonly<Partial<Record<Unit, string>>> = { recordsps: 'rec/s' };

const OPTIONS: Readonly<Record<Panel['kind'], object>> = {
  timeseries: {
    legend: { displayMode: 'table', placement: 'bottom', showLegend: true, calcs: ['lastNotNull', 'max'] },
    tooltip: { mode: 'multi', sort: 'desc' },
  },
  stat: {
    reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    colorMode: 'none',
    graphMode: 'area',
    textMode: 'auto',
  },
  table: { showHeader: true, cellHeight: 'sm' },
};
