import { parseDocument } from 'yaml';
import type { ParseClusters } from '../../collector/index.js';
import { foundCluster } from '../found-clusters.js';
import { problemsOf } from './problems.js';
import { clusterListSchema } from './schema.js';

/** Problems told of one file: the first few are enough to put it right. */
const MAX_PROBLEMS = 5;

/** A file of `discovery.files`, YAML or JSON: a list as under `clusters`, alone or under that key. */
export const parseClusterList: ParseClusters = (text, source) => {
  const document = parseDocument(text);
  const syntax = document.errors[0];
  if (syntax !== undefined) return { ok: false, problem: syntax.message.split('\n')[0] ?? 'is not YAML' };
  const value: unknown = document.toJS() ?? [];
  const list: unknown = isKeyed(value) ? (value.clusters ?? []) : value;
  const parsed = clusterListSchema.safeParse(list);
  if (parsed.success) return { ok: true, clusters: parsed.data.map((cluster) => foundCluster(cluster, source)) };
  const problems = problemsOf(parsed.error, 'clusters');
  const more = problems.length > MAX_PROBLEMS ? ` and ${problems.length - MAX_PROBLEMS} more` : '';
  return { ok: false, problem: problems.slice(0, MAX_PROBLEMS).join('; ') + more };
};

const isKeyed = (value: unknown): value is { readonly clusters?: unknown } =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.keys(value).every((key) => key === 'clusters');
