import { BIGINT, BOOLEAN, DOUBLE, INTEGER, VARCHAR, type DuckDBType } from '@duckdb/node-api';
import type { ColumnType } from '../columns.js';

export const TYPES: Readonly<Record<ColumnType, DuckDBType>> = { BIGINT, INTEGER, DOUBLE, VARCHAR, BOOLEAN };
