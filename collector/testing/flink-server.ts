import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a path answers: a JSON value, a whole answer, or a function that does it all. */
export type StubAnswer =
  | { readonly json: object | readonly unknown[] | string }
  | {
      readonly status: number;
      readonly type?: string;
      readonly body: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | ((request: IncomingMessage, response: ServerResponse) => void);

/** A Flink REST stand-in for tests on an ephemeral port of the loopback. */
export interface StubServer {
  readonly url: string;
  readonly port: number;
  /** Paths asked so far, with their query. */
  readonly asked: string[];
  /** Sets or replaces the answer of a path (with query, or without for any query). */
  on(path: string, answer: StubAnswer): void;
  close(): Promise<void>;
}

export async function startStubServer(answers: Readonly<Record<string, StubAnswer>> = {}): Promise<StubServer> {
  const table = new Map(Object.entries(answers));
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    asked.push(path);
    respond(table.get(path) ?? table.get(path.split('?', 1)[0] ?? path), request, response);
  });
  await listen(server);
  // A TCP server that listens has an AddressInfo.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    asked,
    on: (path, answer) => table.set(path, answer),
    close: () => closeServer(server),
  };
}

const NOT_FOUND: StubAnswer = {
  status: 404,
  type: 'application/json',
  body: '{"errors":["Unable to load requested file /x."]}',
};

function respond(answer: StubAnswer = NOT_FOUND, request: IncomingMessage, response: ServerResponse): void {
  if (typeof answer === 'function') {
    answer(request, response);
    return;
  }
  if ('json' in answer) {
    const text = typeof answer.json === 'string' ? answer.json : JSON.stringify(answer.json);
    response.writeHead(200, { 'content-type': 'application/json; charset=UTF-8' }).end(text);
    return;
  }
  response
    .writeHead(answer.status, { 'content-type': answer.type ?? 'text/plain', ...answer.headers })
    .end(answer.body);
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
