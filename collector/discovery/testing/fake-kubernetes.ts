import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

/** An object as the API server keeps it. */
export interface FakeObject {
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** A Kubernetes API server that keeps services and FlinkDeployments and speaks list and watch over real HTTP. */
export interface FakeKubernetes {
  readonly url: string;
  readonly port: number;
  /** Requests so far, `list PATH` or `watch PATH from VERSION`. */
  readonly asked: string[];
  /** The only login that is let in; undefined: everybody. */
  token: string | undefined;
  /** Kinds that may not be read, by their plural. */
  readonly forbidden: Set<string>;
  /** Kinds that are not installed. */
  readonly absent: Set<string>;
  put(kind: Kind, object: FakeObject): void;
  delete(kind: Kind, namespace: string, name: string): void;
  /** Cuts all watches, as a restarted API server does. */
  cutWatches(): void;
  /** Ends all watches in order, as the API server does after `timeoutSeconds`. */
  endWatches(): void;
  /** Forgets all versions before the current one: who watches from one gets `410 Gone`. */
  compact(how: 'as a status' | 'as an event'): void;
  /** Sends a bookmark to every watch. */
  bookmark(): void;
  readonly watches: number;
  /** Stops answering: connections are refused. */
  goDown(): Promise<void>;
  comeUp(): Promise<void>;
  close(): Promise<void>;
}

type Kind = 'services' | 'flinkdeployments';

interface Change {
  readonly version: number;
  readonly kind: Kind;
  readonly type: 'ADDED' | 'DELETED';
  readonly object: FakeObject;
}

interface OpenWatch {
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly response: ServerResponse;
}

const PATH = /^\/(?:api\/v1|apis\/flink\.apache\.org\/v1beta1)(?:\/namespaces\/([^/]+))?\/(services|flinkdeployments)$/;

export async function startFakeKubernetes(tls?: ServerOptions, pageObjects = Infinity): Promise<FakeKubernetes> {
  let version = 100;
  let compactedTo = 0;
  let goneAs: 'as a status' | 'as an event' = 'as a status';
  const objects = new Map<string, { readonly kind: Kind; readonly object: FakeObject }>();
  const changes: Change[] = [];
  const watches = new Set<OpenWatch>();
  const asked: string[] = [];
  const forbidden = new Set<string>();
  const absent = new Set<string>();
  let token: string | undefined;

  function handle(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://api');
    const [, namespace, kind] = PATH.exec(pathname) ?? [];
    const isWatch = searchParams.get('watch') === '1';
    asked.push(isWatch ? `watch ${pathname} from ${searchParams.get('resourceVersion') ?? ''}` : `list ${pathname}`);
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`)
      refuse(response, 401, 'Unauthorized');
    else if (kind === undefined || absent.has(kind))
      refuse(response, 404, 'the server could not find the requested resource');
    else if (forbidden.has(kind)) refuse(response, 403, `${kind} is forbidden`);
    else if (isWatch)
      watch(response, kind as Kind, namespace, Number(searchParams.get('resourceVersion'))); // The pattern allows the two kinds only.
    else list(response, kind as Kind, namespace, Number(searchParams.get('continue') ?? 0));
  }

  const matches = (object: FakeObject, namespace: string | undefined): boolean =>
    namespace === undefined || object.metadata.namespace === namespace;

  function list(response: ServerResponse, kind: Kind, namespace: string | undefined, from: number): void {
    const all = [...objects.values()].filter((entry) => entry.kind === kind && matches(entry.object, namespace));
    const items = all.slice(from, from + pageObjects).map(({ object }) => object);
    const next = from + items.length < all.length ? { continue: String(from + items.length) } : {};
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ metadata: { resourceVersion: String(version), ...next }, items }));
  }

  function watch(response: ServerResponse, kind: Kind, namespace: string | undefined, from: number): void {
    if (from < compactedTo && goneAs === 'as a status') {
      refuse(response, 410, 'too old resource version');
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' });
    response.flushHeaders();
    if (from < compactedTo) {
      response.end(line('ERROR', { code: 410, message: 'too old resource version' }));
      return;
    }
    const open = { kind, namespace, response };
    for (const change of changes) if (change.version > from) tell(open, change);
    watches.add(open);
    response.on('close', () => watches.delete(open));
  }

  function tell(open: OpenWatch, { kind, type, object }: Change): void {
    if (open.kind === kind && matches(object, open.namespace)) open.response.write(line(type, object));
  }

  function note(kind: Kind, type: Change['type'], object: FakeObject): void {
    version += 1;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
    const key = `${kind}/${object.metadata.namespace}/${object.metadata.name}`;
    if (type === 'ADDED') objects.set(key, { kind, object: stored });
    else objects.delete(key);
    const change = { version, kind, type, object: stored };
    changes.push(change);
    for (const open of watches) tell(open, change);
  }

  let server: Server = tls === undefined ? createHttpServer(handle) : createHttpsServer(tls, handle);
  let port = 0;
  async function comeUp(): Promise<void> {
    server = tls === undefined ? createHttpServer(handle) : createHttpsServer(tls, handle);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port; // A TCP server that listens has an AddressInfo.
  }
  async function goDown(): Promise<void> {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }
  await comeUp();

  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    asked,
    forbidden,
    absent,
    get token() {
      return token;
    },
    set token(value) {
      token = value;
    },
    put: (kind, object) => note(kind, 'ADDED', object),
    delete: (kind, namespace, name) => note(kind, 'DELETED', { metadata: { namespace, name } }),
    cutWatches() {
      for (const { response } of watches) response.destroy();
      watches.clear();
    },
    endWatches() {
      for (const { response } of watches) response.end();
      watches.clear();
    },
    compact(how) {
      goneAs = how;
      version += 1;
      compactedTo = version;
    },
    bookmark() {
      version += 1;
      for (const { response } of watches)
        response.write(line('BOOKMARK', { kind: 'Service', metadata: { resourceVersion: String(version) } }));
    },
    get watches() {
      return watches.size;
    },
    goDown,
    comeUp,
    close: goDown,
  };
}

const line = (type: string, object: object): string => `${JSON.stringify({ type, object })}\n`;

function refuse(response: ServerResponse, code: number, message: string): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ kind: 'Status', status: 'Failure', message, code }));
}
