import type { StreamEvent } from '../../dashboard/contract.js';

/** The events of `GET /api/v1/stream` as they arrive, until the returned `close` is called. */
export interface EventReader {
  readonly response: Response;
  next(): Promise<StreamEvent>;
  close(): void;
}

export async function readEvents(url: string): Promise<EventReader> {
  const abort = new AbortController();
  const response = await fetch(url, { signal: abort.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (reader === undefined) throw new Error('the stream has no body');
  let read = '';
  return {
    response,
    async next() {
      for (;;) {
        const end = read.indexOf('\n\n');
        if (end >= 0) {
          const block = read.slice(0, end);
          read = read.slice(end + 2);
          const [, data] = /^data: (.*)$/m.exec(block) ?? [];
          if (data !== undefined) return JSON.parse(data) as StreamEvent; // The caller checks the shape.
          continue;
        }
        const { value, done } = await reader.read();
        if (done) throw new Error('the stream ended');
        read += value;
      }
    },
    close: () => abort.abort(),
  };
}
