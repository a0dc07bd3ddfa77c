import { layOut, type PanelRow } from './panel.js';

export interface Variable {
  readonly name: string;
  readonly label: string;
  /** `label_values(…)`. */
  readonly query: string;
}

/** A dashboard without what all of its family share. */
export type DashboardContent = Omit<Dashboard, 'tag' | 'weirUrl'>;

export interface Dashboard {
  /** Stable, so that a new export replaces the old one; also the file's name. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly Variable[];
  /** Where Weir is reached, as a text that people can change in the dashboard; none without Weir. */
  readonly weirUrl?: string;
  readonly tag: string;
  readonly rows: readonly PanelRow[];
}

/** Of Grafana 10.0, which later ones bring up to date by themselves. */
const SCHEMA_VERSION = 38;

/** The dashboard as Grafana imports it. */
export function renderDashboard(dashboard: Dashboard): string {
  const { uid, title, description, tag, rows, weirUrl } = dashboard;
  const json = {
    uid,
    title,
    description,
    tags: [tag],
    schemaVersion: SCHEMA_VERSION,
    version: 1,
    editable: true,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-1h', to: 'now' },
    timezone: 'browser',
    templating: { list: variablesOf(dashboard) },
    links: [
      {
        type: 'dashboards',
        title: 'More',
        tags: [tag],
        asDropdown: true,
        includeVars: true,
        keepTime: true,
        targetBlank: false,
      },
      ...(weirUrl === undefined ? [] : [{ type: 'link', title: 'Weir', url: '${weir}', targetBlank: true }]),
    ],
    annotations: { list: [] },
    panels: layOut(rows),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

function variablesOf({ variables, weirUrl }: Dashboard): readonly object[] {
  const datasource = { type: 'prometheus', uid: '${datasource}' };
  return [
    { name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus', hide: 0, refresh: 1 },
    ...variables.map(({ name, label, query }) => ({
      name,
      label,
      type: 'query',
      datasource,
      query: { query, refId: name },
      definition: query,
      refresh: 2,
      sort: 1,
      multi: true,
      includeAll: true,
      allValue: '.*',
      current: { text: ['All'], value: ['$__all'] },
    })),
    ...(weirUrl === undefined
      ? []
      : [
          {
            name: 'weir',
            label: 'Address of Weir',
            type: 'textbox',
            query: weirUrl,
            current: { text: weirUrl, value: weirUrl },
          },
        ]),
  ];
}
