const IST_OFFSET_MS = 5.5 * 3_600_000;

const QUERY_TIME = /^(\d{2})(\d{2})(\d{2})T(\d{2}):(\d{2}):(\d{2})$/;

/**
 * A time as the history is asked with it: `250922T09:15:00`.
 *
 * @returns ms since 1970, or `NaN` when the text is no such time
 */
export function parseQueryTime(text: string): number {
  const parts = QUERY_TIME.exec(text);
  if (parts === null) return Number.NaN;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1).map(Number);
  return Date.UTC(2_000 + year, month - 1, day, hour, minute, second) - IST_OFFSET_MS;
}

/** A time as TrueData writes it: Indian Standard Time without a zone, whole seconds. */
export function istTime(epochMs: number): string {
  return new Date(epochMs + IST_OFFSET_MS).toISOString().slice(0, 19);
}
