const PATTERN = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;
const FRACTION = /\.(\d+)/;

/**
 * A time with a zone and up to nanoseconds: `2026-11-27T15:51:44.208123456Z`.
 *
 * @returns the millisecond it lies in (ms since 1970), or `NaN` when the text is no such time
 */
export function parseRfc3339(text: unknown): number {
  if (typeof text !== 'string' || !PATTERN.test(text)) return Number.NaN;
  // More than three digits are the engine's to round, and it may round into the next millisecond.
  return Date.parse(text.replace(FRACTION, (_, digits: string) => `.${digits.slice(0, 3).padEnd(3, '0')}`));
}
