const IST_OFFSET_MS = 5.5 * 3_600_000;
const PATTERN = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,3})\d*)?$/;

/**
 * TrueData's times are Indian Standard Time without saying so: `2025-09-22T09:10:54`.
 *
 * @returns ms since 1970, or `NaN` when the text is no such time
 */
export function parseIstTime(text: unknown): number {
  const parts = typeof text === 'string' ? PATTERN.exec(text) : null;
  if (parts === null) return Number.NaN;
  const [, year, month, day, hour, minute, second, fraction = '0'] = parts;
  const utc = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(fraction.padEnd(3, '0')),
  );
  return utc - IST_OFFSET_MS;
}

/** The same the other way round, in whole seconds: `2025-09-22T09:10:54`. */
export function formatIstTime(epochMs: number): string {
  return new Date(epochMs + IST_OFFSET_MS).toISOString().slice(0, 19);
}
