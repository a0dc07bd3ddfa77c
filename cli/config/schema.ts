import { validate } from 'node-cron';
import { z } from 'zod';
import { DEFAULT_RECORDED_TASKS, DEFAULT_RECORDINGS_BYTES } from '../../collector/record/limits.js';
import { DEFAULT_MAX_BYTES, DEFAULT_MIN_FREE_BYTES } from '../../collector/store/limits.js';
import { MAX_TARGETS } from '../../collector/prometheus/limits.js';
import { alertsSchema } from './alerts-schema.js';
import { durationText, url } from './parts.js';

const HOST_AND_PORT = /^(\[[0-9a-f:]+\]|[^:\s]+):(\d{1,4}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])$/i;

const proxy = z
  .string()
  .refine((text) => text === 'none' || url.safeParse(text).success, 'must be a URL that begins with http://, or none');

const auth = z.strictObject({
  bearerTokenFile: z.string().optional(),
  basic: z.strictObject({ username: z.string(), passwordFile: z.string() }).optional(),
  headers: z.record(z.string(), z.string()).optional(),
});

const tls = z.strictObject({
  ca: z.string().optional(),
  cert: z.string().optional(),
  key: z.string().optional(),
  servername: z.string().optional(),
});

const urls = z.union([url, z.array(url).min(1)]);
const access = { auth: auth.optional(), tls: tls.optional(), proxy: proxy.optional() };

/** Where the Prometheus reporters of a cluster's processes answer: each by its URL, or all behind one DNS name. */
const reporters = z.union([
  z.array(url).min(1).max(MAX_TARGETS),
  z.strictObject({
    dns: z.string().regex(/^[\w.-]{1,253}$/, 'must be a DNS name, without a port'),
    port: z.number().int().min(1).max(65_535).default(9249),
    path: z.string().startsWith('/', 'must begin with /').default('/metrics'),
  }),
]);

/** Processes that divide a fleet; each asks all others every 15 s. */
const MAX_PEERS = 64;

/** The Prometheus-compatible server that scrapes them. */
const prometheus = z.strictObject({
  url,
  match: z.record(z.string().regex(/^[a-zA-Z_]\w*$/, 'must be the name of a label'), z.string()).default({}),
  ...access,
});

const cluster = z
  .strictObject({
    name: z.string().regex(/^[\w.-]{1,64}$/, 'letters, digits, dot, dash and underscore, 64 at most'),
    url: urls,
    kind: z.enum(['cluster', 'history-server']).optional(),
    ...access,
    reporters: reporters.optional(),
    prometheus: prometheus.optional(),
    owner: z.string().optional(),
  })
  .refine((one) => one.reporters === undefined || one.prometheus === undefined, {
    path: ['prometheus'],
    message: 'name reporters or the server that scrapes them, not both: they say the same',
  });

/** A list of clusters: `clusters` of the configuration, and the files of `discovery.files`. */
export const clusterListSchema = z
  .array(cluster)
  .superRefine((clusters, context) => {
    const names = clusters.map(({ name }) => name);
    for (const name of new Set(names.filter((candidate, i) => names.indexOf(candidate) !== i)))
      context.addIssue({ code: 'custom', message: `the name "${name}" is used twice` });
  })
  .default([]);

/** Each namespace costs two connections to the API server that stay open. */
const MAX_NAMESPACES = 30;

const PLACEHOLDERS = ['scheme', 'service', 'namespace', 'name', 'port', 'apiServer'];

const urlTemplate = z
  .string()
  .refine((text) => /\{(service|name)\}/.test(text), 'must hold {service} or {name}, so that clusters differ')
  .refine(
    (text) => /^(https?|\{scheme\}):\/\/|^\{apiServer\}\//.test(text),
    'must begin with http://, https://, {scheme}:// or {apiServer}/',
  )
  .refine(
    (text) => [...text.matchAll(/\{(\w*)\}/g)].every(([, key = '']) => PLACEHOLDERS.includes(key)),
    `may hold ${PLACEHOLDERS.map((key) => `{${key}}`).join(', ')} and no other`,
  );

const kubernetes = z
  .strictObject({
    namespaces: z
      .array(z.string().regex(/^[a-z0-9-]{1,63}$/, 'must be the name of a namespace'))
      .max(MAX_NAMESPACES)
      .default([]),
    labelSelector: z.string().min(1).optional(),
    kubeconfig: z.string().optional(),
    context: z.string().optional(),
    apiServer: url.optional(),
    flinkDeployments: z.boolean().default(true),
    services: z.boolean().default(true),
    urlTemplate: urlTemplate.optional(),
    ...access,
  })
  .refine(
    ({ flinkDeployments, services }) => flinkDeployments || services,
    'flinkDeployments or services must be true',
  );

const yarn = z.strictObject({
  url: urls,
  user: z.string().optional(),
  queue: z.string().optional(),
  applicationTypes: z.array(z.string()).min(1).default(['Apache Flink']),
  ...access,
});

const ruleOptions = z.record(z.string(), z.record(z.string(), z.number()));

/** A mail to more people is a list of its own. */
const MAX_RECIPIENTS = 100;
const MAX_OWNERS = 500;

const mail = z
  .strictObject({ to: z.array(z.email('must be a mail address')).max(MAX_RECIPIENTS).default([]) })
  .prefault({});

const isCron = (text: string): boolean => text.trim().split(/\s+/).length === 5 && validate(text);

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const reports = z.strictObject({
  schedule: z
    .string()
    .refine((text) => text === 'none' || isCron(text), 'must be cron in five fields, such as 0 7 * * 1, or none')
    .default('0 7 * * 1'),
  timeZone: z.string().refine(isTimeZone, 'must be a time zone, such as Europe/Berlin').default('UTC'),
  language: z.enum(['en', 'zh-CN']).default('en'),
  mail,
  owners: z
    .record(z.string(), z.strictObject({ mail }))
    .refine((owners) => Object.keys(owners).length <= MAX_OWNERS, `${MAX_OWNERS} owners at most`)
    .default({}),
});

const price = {
  perCoreHour: z.number().nonnegative().optional(),
  perGbHour: z.number().nonnegative().optional(),
};

const cost = z
  .strictObject({
    ...price,
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'must be three capital letters, such as EUR')
      .optional(),
    clusters: z.record(z.string(), z.strictObject(price)).default({}),
  })
  .refine(
    ({ currency, perCoreHour, perGbHour, clusters }) =>
      currency !== undefined ||
      [{ perCoreHour, perGbHour }, ...Object.values(clusters)].every(
        (one) => one.perCoreHour === undefined && one.perGbHour === undefined,
      ),
    { path: ['currency'], message: 'a price needs its currency, such as EUR' },
  );

/** `weir.yaml`. Every key is documented in docs/configuration.md; an unknown key is an error. */
export const configSchema = z.strictObject({
  server: z
    .strictObject({
      listen: z.string().regex(HOST_AND_PORT, 'must be HOST:PORT, the port 65535 at most').default('127.0.0.1:8080'),
      tokenFile: z.string().optional(),
      insecure: z.boolean().default(false),
      basePath: z
        .string()
        .regex(/^\/(.*\/)?$/, 'must begin and end with /')
        .default('/'),
      publicUrl: url.optional(),
    })
    .prefault({}),
  clusters: clusterListSchema,
  discovery: z
    .strictObject({
      files: z.array(z.string()).default([]),
      kubernetes: kubernetes.optional(),
      yarn: yarn.optional(),
    })
    .prefault({}),
  collect: z
    .strictObject({
      interval: durationText('10s'),
      maxRequestsPerSecond: z.number().positive().max(1000).default(20),
      timeout: durationText('5s'),
    })
    .prefault({}),
  store: z
    .strictObject({
      kind: z.enum(['duckdb', 'memory', 'influx', 'victoriametrics']).default('duckdb'),
      dir: z.string().default('./weir-data'),
      retention: z.strictObject({ raw: durationText('3d'), rollup: durationText('90d') }).prefault({}),
      maxBytes: z.number().int().positive().default(DEFAULT_MAX_BYTES),
      minFreeBytes: z.number().int().nonnegative().default(DEFAULT_MIN_FREE_BYTES),
      recordings: z
        .strictObject({
          maxBytes: z.number().int().nonnegative().default(DEFAULT_RECORDINGS_BYTES),
          maxTasks: z.number().int().nonnegative().default(DEFAULT_RECORDED_TASKS),
        })
        .prefault({}),
      url: url.optional(),
      database: z
        .string()
        .regex(/^[\w.-]{1,64}$/, 'letters, digits, dot, dash and underscore, 64 at most')
        .default('weir'),
      username: z.string().optional(),
      passwordFile: z.string().optional(),
    })
    .refine(({ kind, url: server }) => server !== undefined || kind === 'duckdb' || kind === 'memory', {
      path: ['url'],
      message: 'kind influx and victoriametrics need the URL of the server, such as http://influx:8086',
    })
    .prefault({}),
  shard: z
    .strictObject({
      index: z.number().int().nonnegative().default(0),
      count: z.number().int().positive().default(1),
      peers: z.array(url).max(MAX_PEERS).default([]),
    })
    .refine(({ index, count }) => index < count, {
      path: ['index'],
      message: 'counts from 0 and must be under shard.count',
    })
    .prefault({}),
  alerts: alertsSchema,
  rules: z
    .strictObject({
      disable: z.array(z.string()).default([]),
      options: ruleOptions.default({}),
      overrides: z
        .array(
          z.strictObject({
            cluster: z.string().optional(),
            job: z.string().optional(),
            disable: z.array(z.string()).default([]),
            options: ruleOptions.default({}),
          }),
        )
        .default([]),
    })
    .prefault({}),
  reports: reports.prefault({}),
  cost: cost.prefault({}),
});

export type Config = z.output<typeof configSchema>;
export type ClusterConfig = Config['clusters'][number];
