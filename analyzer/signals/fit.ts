import { sum } from '../numbers.js';

/** R² of the line with this slope through the middle of the points. */
export function fitOf(points: readonly (readonly [number, number])[], slope: number): number {
  if (points.length === 0) return 0;
  const meanX = sum(points.map(([x]) => x)) / points.length;
  const meanY = sum(points.map(([, y]) => y)) / points.length;
  const total = sum(points.map(([, y]) => (y - meanY) ** 2));
  const left = sum(points.map(([x, y]) => (y - meanY - slope * (x - meanX)) ** 2));
  return total === 0 ? 0 : Math.max(0, 1 - left / total);
}
