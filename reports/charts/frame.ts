import { escapeHtml as escape } from '../escape.js';
import { CHART_HEIGHT, CHART_WIDTH, FONT_FAMILIES, INK, MARGIN } from './palette.js';

export interface AxisTick {
  /** Pixels along the axis. */
  readonly at: number;
  readonly label: string;
}

export interface LegendEntry {
  readonly label: string;
  readonly colour: string;
  readonly dashed?: boolean;
}

export interface ChartFrame {
  readonly xTicks: readonly AxisTick[];
  readonly yTicks: readonly AxisTick[];
  readonly legend: readonly LegendEntry[];
  /** SVG of what is drawn. */
  readonly marks: string;
}

/** Still read where a telephone shrinks the picture to two thirds. */
const FONT_PX = 15;
/** Han characters are about as wide as they are high, others a little more than half of that. */
const HAN_WIDTH = FONT_PX;
const LATIN_WIDTH = 8.4;

/** Axes, legend and marks as one SVG, without a ground. */
export function framed({ xTicks, yTicks, legend, marks }: ChartFrame): string {
  const right = CHART_WIDTH - MARGIN.right;
  const bottom = CHART_HEIGHT - MARGIN.bottom;
  const rows = yTicks.map(
    ({ at, label }) =>
      `<line x1="${MARGIN.left}" x2="${right}" y1="${at}" y2="${at}" stroke="${INK.grid}" stroke-opacity=".35"/>` +
      `<text x="${MARGIN.left - 6}" y="${at + 5}" text-anchor="end">${escape(label)}</text>`,
  );
  const columns = xTicks.map(
    ({ at, label }) => `<text x="${at}" y="${bottom + 21}" text-anchor="middle">${escape(label)}</text>`,
  );
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${CHART_WIDTH}" height="${CHART_HEIGHT}" viewBox="0 0 ${CHART_WIDTH} ${CHART_HEIGHT}">` +
    `<g font-family="${FONT_FAMILIES.join(', ')}" font-size="${FONT_PX}" fill="${INK.text}">` +
    `${rows.join('')}${columns.join('')}${legendOf(legend)}</g>${marks}</svg>`
  );
}

function legendOf(entries: readonly LegendEntry[]): string {
  let x = MARGIN.left;
  return entries
    .map(({ label, colour, dashed }) => {
      const at = x;
      x += 24 + widthOf(label) + 18;
      const line = `<line x1="${at}" x2="${at + 16}" y1="11" y2="11" stroke="${colour}" stroke-width="3"${dashed === true ? ' stroke-dasharray="4 3"' : ''}/>`;
      return `${line}<text x="${at + 22}" y="16">${escape(label)}</text>`;
    })
    .join('');
}

const widthOf = (label: string): number =>
  [...label].reduce((total, character) => total + (character > '\u2e7f' ? HAN_WIDTH : LATIN_WIDTH), 0);

/** Two decimals are a hundredth of a pixel. */
export const px = (value: number): number => Math.round(value * 100) / 100;
