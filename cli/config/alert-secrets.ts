import { variablePart, type AlertsConfig } from './alerts-schema.js';

/** Secrets of a channel that a variable may hold instead of a file. */
export type SecretKind = 'URL' | 'SECRET' | 'PASSWORD' | 'TOKEN';
const KINDS: readonly SecretKind[] = ['URL', 'SECRET', 'PASSWORD', 'TOKEN'];
const PREFIX = 'WEIR_ALERTS_';

/** `WEIR_ALERTS_TEAM_SLACK_URL` for the channel `team-slack`. */
export function secretVariable(channel: string, kind: SecretKind): string {
  return `${PREFIX}${variablePart(channel)}_${kind}`;
}

export const isAlertSecret = (variable: string): boolean => variable.startsWith(PREFIX);

/** Variables that look like a secret of a channel, and of none that there is: a typing error would be a silent channel. */
export function unknownAlertSecrets(
  env: Readonly<Record<string, string | undefined>>,
  { channels }: AlertsConfig,
): readonly string[] {
  const known = new Set(channels.flatMap(({ name }) => KINDS.map((kind) => secretVariable(name, kind))));
  return Object.keys(env)
    .filter((variable) => isAlertSecret(variable) && !known.has(variable))
    .map((variable) => `${variable}: there is no channel under alerts.channels that it belongs to`);
}
