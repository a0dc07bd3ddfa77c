import { describe, expect, it } from 'vitest';
import { attached, chartPictures, embedded, MAX_DATA_URI_BYTES } from './charts.js';
import { findingsChart } from './findings-chart.js';
import { healthChart } from './health-chart.js';
import { fleetReport, reportOf, sectionOf, WEEK, weekOf, BEFORE } from '../../test/support/weekly-fixture.js';

const ALL = { latin: true, han: true };
const sizeOf = (png: Buffer): readonly [number, number] => [png.readUInt32BE(16), png.readUInt32BE(20)];

describe('charts of the report', () => {
  it('are PNGs of twice the size they are shown at, small enough for a mail', async () => {
    const pictures = await chartPictures(fleetReport(20), 'en', ALL);
    expect(pictures.map(({ name }) => name)).toEqual(['health', 'findings']);
    for (const { png, width, height } of pictures) {
      expect(png.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
      expect(sizeOf(png)).toEqual([width * 2, height * 2]);
      expect(png.length).toBeLessThan(60 * 1024);
    }
  });

  it('without any font there are none: a chart without labels says nothing', async () => {
    expect(await chartPictures(fleetReport(3), 'en', { latin: false, han: false })).toEqual([]);
  });

  it('a week without jobs has none, one without any health no curve', async () => {
    expect(await chartPictures(reportOf([]), 'en', ALL)).toEqual([]);
    const blind = { health: undefined as never };
    const section = sectionOf({ now: weekOf(WEEK, () => blind), before: weekOf(BEFORE, () => blind) });
    expect((await chartPictures(reportOf([section]), 'en', ALL)).map(({ name }) => name)).toEqual(['findings']);
  });

  it('a gap in the week is a gap in the line', () => {
    const now = weekOf(WEEK);
    const holed = { ...now, moments: now.moments.filter((_, i) => i < 8 || i > 11) };
    const lineOf = (svg: string): string => /<path d="([^"]*)" stroke="#2f86d6"/.exec(svg)?.[1] ?? '';
    expect(lineOf(healthChart(reportOf([sectionOf({ now })]), 'en')).match(/M/g)).toHaveLength(1);
    expect(lineOf(healthChart(reportOf([sectionOf({ now: holed })]), 'en')).match(/M/g)).toHaveLength(2);
  });

  it('bars are as high as their days have findings', () => {
    const svg = findingsChart({ ...reportOf([]), days: [{ atMs: WEEK.fromMs, critical: 1, warning: 3 }] }, 'en');
    const heights = [...svg.matchAll(/<rect[^>]* height="([\d.]+)"/g)].map(([, height]) => Number(height));
    expect(heights).toHaveLength(2);
    expect((heights[1] ?? 0) / (heights[0] ?? 1)).toBeCloseTo(3, 1);
  });

  it('speaks the language of the report; without a font for it, English', () => {
    const report = fleetReport(3);
    expect(healthChart(report, 'zh-CN')).toMatch(/本周[\s\S]*上一周/);
    expect(healthChart(report, 'en')).not.toMatch(/\p{Script=Han}/u);
  });

  it('the picture without a CJK font is the English one', async () => {
    const report = fleetReport(3);
    const [english] = await chartPictures(report, 'en', ALL);
    const [fallback] = await chartPictures(report, 'zh-CN', { latin: true, han: false });
    expect(fallback?.png.equals(english?.png ?? Buffer.alloc(0))).toBe(true);
  });

  it('are named in mail by their content id, and carried by a page as long as they are small', () => {
    const picture = (bytes: number) => ({ name: 'health' as const, png: Buffer.alloc(bytes), width: 560, height: 190 });
    expect(attached([picture(9)])('health')?.src).toBe('cid:health@weir');
    expect(attached([picture(9)])('findings')).toBeUndefined();
    expect(embedded([picture(9)])('health')?.src).toMatch(/^data:image\/png;base64,A+/);
    expect(embedded([picture(MAX_DATA_URI_BYTES)])('health')).toBeUndefined();
  });
});
