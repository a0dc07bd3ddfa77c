import { DAY_TABLES, RECORD_TABLES, snake, type TableShape } from '../columns.js';
import { JOB_METRICS, VERTEX_METRICS, type MetricShape } from '../series-metrics.js';

/** 2: vertices as numbers, figures without noise, a batch in one file. */
export const SCHEMA_VERSION = 2;
export const META_TABLE = 'weir_meta';
/** Which vertex a number is. */
export const VERTICES_TABLE = 'vertices';
export const VERTEX_ROLLUP = 'vertex_rollup';
export const JOB_ROLLUP = 'job_rollup';

const create = (catalog: string, name: string, columns: readonly string[]): string =>
  `CREATE TABLE IF NOT EXISTS ${catalog}.${name} (${columns.join(', ')})`;

const createFrom = (catalog: string, table: TableShape): string =>
  create(
    catalog,
    table.name,
    table.columns.map((column) => `${column.name} ${column.type}`),
  );

const META = ['key VARCHAR PRIMARY KEY', 'value VARCHAR'];
const VERTICES = ['vertex INTEGER', 'cluster VARCHAR', 'job_name VARCHAR', 'job_id VARCHAR', 'vertex_id VARCHAR'];

export interface RollupMetric {
  readonly column: string;
  readonly shape: MetricShape;
}

const rollupMetrics = (metrics: Readonly<Record<string, MetricShape>>): readonly RollupMetric[] =>
  Object.entries(metrics).map(([name, shape]) => ({ column: snake(name), shape }));

export const VERTEX_ROLLUP_METRICS = rollupMetrics(VERTEX_METRICS);
export const JOB_ROLLUP_METRICS = rollupMetrics(JOB_METRICS);

/** A rolled-up metric keeps its value as a query of that bucket would give it. */
const rollupColumns = (metrics: readonly RollupMetric[]): readonly string[] =>
  metrics.map(({ column }) => `${column} DOUBLE`);

export const metaSchema = (catalog: string): string => create(catalog, META_TABLE, META);

/** Records are written beside the samples of their batch, and moved to the file that is kept long with the next roll-up. */
export const daySchema = (catalog: string): readonly string[] => [
  create(catalog, VERTICES_TABLE, VERTICES),
  ...[...DAY_TABLES, ...RECORD_TABLES].map((table) => createFrom(catalog, table)),
];

export const recordsSchema = (catalog: string): readonly string[] => [
  create(catalog, VERTICES_TABLE, VERTICES),
  ...RECORD_TABLES.map((table) => createFrom(catalog, table)),
  create(catalog, VERTEX_ROLLUP, ['at_ms BIGINT', 'vertex INTEGER', ...rollupColumns(VERTEX_ROLLUP_METRICS)]),
  create(catalog, JOB_ROLLUP, [
    'at_ms BIGINT',
    'cluster VARCHAR',
    'job_name VARCHAR',
    'job_id VARCHAR',
    'last_state VARCHAR',
    ...rollupColumns(JOB_ROLLUP_METRICS),
  ]),
];
