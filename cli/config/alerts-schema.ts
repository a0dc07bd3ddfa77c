import { z } from 'zod';
import { durationText, url } from './parts.js';

const name = z.string().regex(/^[a-zA-Z0-9][\w.-]{0,63}$/, 'letters, digits, dot, dash and underscore, 64 at most');

/** Bounds of lists: each channel has its own courier, and each finding asks each route. */
const MAX_CHANNELS = 50;
const MAX_ROUTES = 200;
const MAX_NAMES = 500;

const common = { name, maxPerMinute: z.number().int().min(1).max(1000).optional() };
const address = { url: url.optional(), urlFile: z.string().optional() };

const webhook = z.strictObject({
  kind: z.literal('webhook'),
  ...common,
  ...address,
  headers: z.record(z.string(), z.string()).default({}),
  bearerTokenFile: z.string().optional(),
  secretFile: z.string().optional(),
});
const slack = z.strictObject({ kind: z.literal('slack'), ...common, ...address });
const dingtalk = z.strictObject({
  kind: z.literal('dingtalk'),
  ...common,
  ...address,
  secretFile: z.string().optional(),
});
const feishu = z.strictObject({ kind: z.literal('feishu'), ...common, ...address, secretFile: z.string().optional() });
const wecom = z.strictObject({ kind: z.literal('wecom'), ...common, ...address });

const mailAddress = z
  .string()
  .regex(
    /^([^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/,
    'must be a mail address, such as Weir <weir@example.com>',
  );
/** A mailing list is one address. */
const MAX_RECIPIENTS = 50;

const mail = z.strictObject({
  kind: z.literal('mail'),
  ...common,
  host: z.string().min(1),
  port: z.number().int().min(1).max(65_535).default(587),
  security: z.enum(['starttls', 'tls', 'none']).default('starttls'),
  ca: z.string().optional(),
  username: z.string().optional(),
  passwordFile: z.string().optional(),
  from: mailAddress,
  to: z.array(mailAddress).min(1).max(MAX_RECIPIENTS),
});

/** Alertmanagers of one cluster. */
const MAX_ALERTMANAGERS = 10;

const alertmanager = z.strictObject({
  kind: z.literal('alertmanager'),
  name,
  url: z.union([url, z.array(url).min(1).max(MAX_ALERTMANAGERS)]),
  username: z.string().optional(),
  passwordFile: z.string().optional(),
  bearerTokenFile: z.string().optional(),
});

const channel = z.discriminatedUnion('kind', [slack, dingtalk, feishu, wecom, mail, webhook, alertmanager]);

const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 22:00')
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)));

const timeZone = z.string().refine(isTimeZone, 'must be a time zone such as Europe/Berlin, Asia/Shanghai or UTC');

const names = z.array(z.string().min(1)).min(1).max(MAX_NAMES).optional();

const route = z.strictObject({
  name,
  channels: z.array(z.string()).min(1).max(MAX_CHANNELS),
  match: z
    .strictObject({
      owners: names,
      clusters: names,
      jobs: names,
      severity: z.enum(['warning', 'critical']).default('warning'),
    })
    .prefault({}),
  continue: z.boolean().default(false),
  language: z.enum(['en', 'zh-CN']).default('en'),
  groupWait: durationText('30s'),
  repeatInterval: durationText('4h'),
  resolved: z.boolean().default(true),
  quietHours: z
    .strictObject({ from: timeOfDay, to: timeOfDay, timeZone, criticalPasses: z.boolean().default(true) })
    .optional(),
});

/** `alerts` of weir.yaml: who is told what. Documented in docs/alerts.md. */
export const alertsSchema = z
  .strictObject({
    channels: z.array(channel).max(MAX_CHANNELS).default([]),
    routes: z.array(route).max(MAX_ROUTES).default([]),
  })
  .superRefine(({ channels, routes }, context) => {
    const say = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    const known = new Set(channels.map((one) => one.name));
    for (const [list, what] of [
      [channels, 'channels'],
      [routes, 'routes'],
    ] as const)
      list.forEach((one, i) => {
        if (list.findIndex((other) => other.name === one.name) < i)
          say([what, i, 'name'], `"${one.name}" is used twice`);
      });
    const variables = channels.map((one) => variablePart(one.name));
    variables.forEach((part, i) => {
      if (variables.indexOf(part) < i && channels.findIndex((other) => other.name === channels[i]?.name) === i)
        say(['channels', i, 'name'], `is too like another: both would be ${part} in the names of variables`);
    });
    routes.forEach((one, i) =>
      one.channels.forEach((to, j) => {
        if (!known.has(to)) say(['routes', i, 'channels', j], `there is no channel "${to}"`);
      }),
    );
    channels.forEach((one, i) => {
      if ('urlFile' in one && one.urlFile !== undefined && one.url !== undefined)
        say(['channels', i, 'urlFile'], 'name url or urlFile, not both');
    });
  })
  .prefault({});

export type AlertsConfig = z.output<typeof alertsSchema>;
export type ChannelConfig = AlertsConfig['channels'][number];

/** A channel's name in the name of a variable. */
export function variablePart(channelName: string): string {
  return channelName.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
