import { MAX_REQUEST_LINE_BYTES } from './limits.js';

const FIXED_BYTES = 'GET  HTTP/1.1'.length;

/** Paths for `path?get=…`, as few as the request line's limit allows; Flink calls a longer line "not found". */
export function metricPaths(path: string, ids: readonly string[], prefixBytes: number): readonly string[] {
  const room = MAX_REQUEST_LINE_BYTES - FIXED_BYTES - prefixBytes - Buffer.byteLength(path) - '?get='.length;
  const chunks: string[] = [];
  let chunk = '';
  for (const id of ids) {
    const encoded = encodeURIComponent(id);
    if (chunk !== '' && chunk.length + 1 + encoded.length > room) {
      chunks.push(chunk);
      chunk = '';
    }
    chunk = chunk === '' ? encoded : `${chunk},${encoded}`;
  }
  if (chunk !== '') chunks.push(chunk);
  return chunks.map((get) => `${path}?get=${get}`);
}
