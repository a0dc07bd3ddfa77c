import type { CheckpointConfig } from '../../collector/model/index.js';
import { durationMs, settingOf } from './settings.js';

type Configuration = Readonly<Record<string, string>>;

export type RestartStrategy =
  | { readonly kind: 'none'; readonly explicit: boolean }
  | { readonly kind: 'fixed-delay'; readonly attempts: number; readonly delayMs: number }
  /** Another one, or one that Flink chooses because checkpoints are on: it restarts without end. */
  | { readonly kind: 'other' };

/** Words of `RestartStrategies.*Configuration.getDescription()` in `/jobs/:jobid/config`. */
const BY_CODE = /fixed delay \(([^)]+)\)\. #(\d+) restart/i;

/** What code set goes before what the configuration says. Undefined: not known which applies. */
export function restartStrategyOf(
  configuration: Configuration,
  checkpoints: CheckpointConfig | undefined,
): RestartStrategy | undefined {
  const said = configuration['execution-config.restart-strategy'] ?? '';
  if (/deactivated/i.test(said)) return { kind: 'none', explicit: true };
  const [, delay, count] = BY_CODE.exec(said) ?? [];
  if (count !== undefined) return { kind: 'fixed-delay', attempts: Number(count), delayMs: durationMs(delay) ?? 0 };
  if (said !== '' && !/cluster level default/i.test(said)) return { kind: 'other' };
  const type = settingOf(configuration, 'restart-strategy.type', 'restart-strategy')?.toLowerCase();
  if (type === 'none' || type === 'off' || type === 'disable') return { kind: 'none', explicit: true };
  if (type === 'fixed-delay' || type === 'fixeddelay') {
    return {
      kind: 'fixed-delay',
      // Flink's own defaults of the two options.
      attempts: Number(settingOf(configuration, 'restart-strategy.fixed-delay.attempts') ?? 1),
      delayMs: durationMs(settingOf(configuration, 'restart-strategy.fixed-delay.delay')) ?? 1000,
    };
  }
  if (type !== undefined) return { kind: 'other' };
  if (checkpoints === undefined) return undefined;
  return checkpoints.intervalMs === undefined ? { kind: 'none', explicit: false } : { kind: 'other' };
}
