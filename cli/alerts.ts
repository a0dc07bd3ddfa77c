import type { Command } from 'commander';
import { alertSample } from '../alerts/notify/alertmanager/alerts.js';
import type { Outcome } from '../alerts/notify/outcome.js';
import { sampleNotice } from '../alerts/notify/sample.js';
import { createHttp } from '../alerts/notify/send/http.js';
import { proxyFromEnvironment } from '../collector/index.js';
import { RULES } from '../rules/index.js';
import { channelsOf } from './alert-channels.js';
import { checkAlertSecrets } from './alerting.js';
import { loadConfig, UsageError } from './config/load.js';

interface TestFlags {
  readonly channel?: string;
  readonly config?: string;
  readonly lang: string;
}

/** Exit code when a channel did not take its sample. */
const NOT_TAKEN = 1;

export function addAlerts(program: Command): void {
  const alerts = program.command('alerts').description('alerts that Weir sends itself (alerts in the configuration)');
  alerts
    .command('test')
    .description('send a sample through the configured channels and say what came of it')
    .option('--channel <name>', 'only this one')
    .option('--config <file>', 'configuration file (default ./weir.yaml if it is there)')
    .option('--lang <language>', 'en or zh-CN', 'en')
    .action(testChannels);
}

async function testChannels({ channel, config: file, lang }: TestFlags): Promise<void> {
  const language = (['en', 'zh-CN'] as const).find((candidate) => candidate === lang);
  if (language === undefined) throw new UsageError([`--lang ${lang}: must be en or zh-CN`]);
  const config = loadConfig({ file, env: process.env, flags: {}, rules: RULES });
  checkAlertSecrets(config.alerts, process.env);
  const wanted = config.alerts.channels.filter(({ name }) => channel === undefined || name === channel);
  if (wanted.length === 0) throw new UsageError([nothingToTest(channel, config.alerts.channels)]);
  const http = createHttp(proxyFromEnvironment(process.env));
  const nowMs = Date.now();
  const context = { publicUrl: config.server.publicUrl };
  const notice = sampleNotice(language, context, nowMs);
  const { channels, feeds } = channelsOf(wanted, http, process.env);
  const outcomes = await Promise.all([
    ...channels.map(async ({ name, send }) => {
      const outcome = await send(notice, { id: `${notice.id}.${name}`, nowMs, isRepeated: false });
      return { name, outcome };
    }),
    ...feeds.map(async ({ name, post }) => ({
      name,
      outcome: await post([alertSample({ ...context, language, owner: undefined }, nowMs)], nowMs),
    })),
  ]);
  await http.close();
  for (const { name, outcome } of outcomes) process.stdout.write(`${name}: ${inWords(outcome)}\n`);
  if (outcomes.some(({ outcome }) => outcome.kind !== 'sent')) process.exitCode = NOT_TAKEN;
}

function nothingToTest(channel: string | undefined, channels: readonly { readonly name: string }[]): string {
  if (channels.length === 0) return 'alerts.channels: there is none; see docs/alerts.md for how to write one';
  return `--channel ${channel ?? ''}: there is no such channel (there are: ${channels.map(({ name }) => name).join(', ')})`;
}

function inWords(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'sent':
      return 'sent';
    case 'later':
      return `not sent, another attempt may do: ${outcome.why}`;
    case 'refused':
      return `refused: ${outcome.why}`;
  }
}
