import { DAY_TABLES, RECORD_TABLES, snake, type TableShape } from '../columns.js';
import { JOB_METRICS, VERTEX_METRICS, type MetricShape } from '../series-metrics.js';

export const SCHEMA_VERSION = '1';
export const META_TABLE = 'weir_meta';
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
const JOB_KEYS = ['at_ms BIGINT', 'cluster VARCHAR', 'job_name VARCHAR', 'job_id VARCHAR'];

export interface RollupMetric {
  readonly column: string;
  readonly shape: MetricShape;
}

const rollupMetrics = (metrics: Readonly<Record<string, MetricShape>>): readonly RollupMetric[] =>
  Object.entries(metrics).map(([name, shape]) => ({ column: snake(name), shape }));

export const VERTEX_ROLLUP_METRICS = rollupMetrics(VERTEX_METRICS);
export const JOB_ROLLUP_METRICS = rollupMetrics(JOB_METRICS);

/** A rolled-up metric keeps its value as a query of that bucket would give it, and its extreme. */
const rollupColumns = (metrics: readonly RollupMetric[]): readonly string[] =>
  metrics.flatMap(({ column }) => [`${column} DOUBLE`, `${column}_max DOUBLE`]);

export const daySchema = (catalog: string): readonly string[] => [
  create(catalog, META_TABLE, META),
  ...DAY_TABLES.map((table) => createFrom(catalog, table)),
];

export const recordsSchema = (catalog: string): readonly string[] => [
  create(catalog, META_TABLE, META),
  ...RECORD_TABLES.map((table) => createFrom(catalog, table)),
  create(catalog, VERTEX_ROLLUP, [...JOB_KEYS, 'vertex_id VARCHAR', ...rollupColumns(VERTEX_ROLLUP_METRICS)]),
  create(catalog, JOB_ROLLUP, [...JOB_KEYS, 'last_state VARCHAR', ...rollupColumns(JOB_ROLLUP_METRICS)]),
];
