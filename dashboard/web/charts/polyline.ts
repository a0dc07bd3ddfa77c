/** Arithmetic on lines of points: rounding corners, walking along, drawing a zigzag. */

export type Point = readonly [x: number, y: number];

/** Chaikin's corner cutting: keeps both ends, rounds what lies between. */
export function smooth(points: readonly Point[], rounds = 3): Point[] {
  let line = [...points];
  for (let round = 0; round < rounds; round += 1) {
    const [first] = line;
    const last = line.at(-1);
    if (first === undefined || last === undefined || line.length < 3) return line;
    const cut: Point[] = [first];
    for (let i = 0; i + 1 < line.length; i += 1) {
      const [a, b] = [line[i], line[i + 1]];
      if (a === undefined || b === undefined) continue;
      if (i > 0) cut.push(between(a, b, 0.25));
      if (i + 2 < line.length) cut.push(between(a, b, 0.75));
    }
    cut.push(last);
    line = cut;
  }
  return line;
}

export function lengthOf(points: readonly Point[]): number {
  let sum = 0;
  for (let i = 1; i < points.length; i += 1) sum += distance(points[i - 1], points[i]);
  return sum;
}

/** The point `at` pixels along the line, with the line's direction there. */
export function pointAt(points: readonly Point[], at: number): { point: Point; direction: Point } {
  let left = at;
  for (let i = 1; i < points.length; i += 1) {
    const [a, b] = [points[i - 1], points[i]];
    if (a === undefined || b === undefined) continue;
    const step = distance(a, b);
    if (step > 0 && (left <= step || i === points.length - 1)) {
      return {
        point: between(a, b, Math.min(1, left / step)),
        direction: [(b[0] - a[0]) / step, (b[1] - a[1]) / step],
      };
    }
    left -= step;
  }
  return { point: points[0] ?? [0, 0], direction: [1, 0] };
}

export function pathOf(points: readonly Point[]): string {
  return points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${round(x)},${round(y)}`).join('');
}

/** The same line as a zigzag. Both ends stay straight, so that arrow heads sit well. */
export function zigzag(points: readonly Point[], amplitude: number, wave: number, straight = 8): string {
  const total = lengthOf(points);
  const inner = total - 2 * straight;
  if (inner < wave || amplitude === 0) return pathOf(points);
  const teeth = Math.max(2, Math.round(inner / (wave / 2)));
  const drawn: Point[] = [pointAt(points, 0).point];
  for (let tooth = 0; tooth <= teeth; tooth += 1) {
    const { point, direction } = pointAt(points, straight + (inner * tooth) / teeth);
    const side = tooth === 0 || tooth === teeth ? 0 : tooth % 2 === 0 ? amplitude : -amplitude;
    drawn.push([point[0] - direction[1] * side, point[1] + direction[0] * side]);
  }
  drawn.push(pointAt(points, total).point);
  return pathOf(drawn);
}

const between = (a: Point, b: Point, share: number): Point => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
];
const distance = (a: Point | undefined, b: Point | undefined) => (a && b ? Math.hypot(b[0] - a[0], b[1] - a[1]) : 0);
const round = (value: number) => Math.round(value * 10) / 10;
