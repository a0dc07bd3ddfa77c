const DAY_MS = 86_400_000;

/** Monday 00:00 UTC of an ISO week, or undefined when the text is no such week. */
export function weekStartMs(week: string): number | undefined {
  const [, year = '', number = ''] = /^(\d{4})-W(\d{2})$/.exec(week) ?? [];
  const nth = Number(number);
  if (year === '' || nth < 1 || nth > 53) return undefined;
  // 4 January is always in week 1.
  const fourth = Date.UTC(Number(year), 0, 4);
  const monday = fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * DAY_MS + (nth - 1) * 7 * DAY_MS;
  return isoWeekOf(monday) === week ? monday : undefined;
}

export function isoWeekOf(atMs: number): string {
  const date = new Date(atMs);
  const thursday =
    Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()) +
    (3 - ((date.getUTCDay() + 6) % 7)) * DAY_MS;
  const year = new Date(thursday).getUTCFullYear();
  const week = Math.floor((thursday - Date.UTC(year, 0, 1)) / (7 * DAY_MS)) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}

export const WEEK_MS = 7 * DAY_MS;
