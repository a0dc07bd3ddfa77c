/**
 * Ink that reads on white and on the dark ground alike (4:1 on both): mail programs turn a page dark without telling the
 * picture, so the picture has no ground of its own.
 */
export const INK = {
  text: '#758086',
  grid: '#8a979d',
  now: '#2f86d6',
  before: '#8a979d',
  critical: '#d9453b',
  warning: '#d18f0f',
} as const;

/** The first that the system has draws; Han characters need one of the CJK families. */
export const FONT_FAMILIES = [
  'Noto Sans CJK SC',
  'Noto Sans SC',
  'Source Han Sans SC',
  'WenQuanYi Micro Hei',
  'PingFang SC',
  'Microsoft YaHei',
  'DejaVu Sans',
  'Liberation Sans',
  'Arial',
] as const;

export const CHART_WIDTH = 560;
export const CHART_HEIGHT = 210;
export const MARGIN = { top: 34, right: 8, bottom: 28, left: 40 } as const;
