import { scaleLinear } from 'd3';
import type { Evidence } from '../../contract.ts';

export interface Bullet {
  /** Widths and places as a share of the track, 0–1. */
  value: number;
  threshold: number | undefined;
  isBeyond: boolean;
}

type Figures = Pick<Evidence, 'value' | 'unit' | 'threshold' | 'comparison'>;

/** Shares up to one get the whole percent scale; everything else ends a little after its largest number. */
export function bullet({ value, unit, threshold, comparison }: Figures): Bullet {
  const top = Math.max(Math.abs(value), Math.abs(threshold ?? 0));
  const domainMax = unit === 'ratio' && top <= 1 ? 1 : top * 1.2 || 1;
  const x = scaleLinear([0, domainMax], [0, 1]).clamp(true);
  return {
    value: x(Math.abs(value)),
    threshold: threshold === undefined ? undefined : x(Math.abs(threshold)),
    isBeyond: threshold !== undefined && compare(value, comparison ?? '>=', threshold),
  };
}

function compare(value: number, comparison: NonNullable<Evidence['comparison']>, threshold: number): boolean {
  switch (comparison) {
    case '>=':
      return value >= threshold;
    case '<=':
      return value <= threshold;
    case '>':
      return value > threshold;
    case '<':
      return value < threshold;
    case '=':
      return value === threshold;
  }
}
