import { z } from 'zod';

/** A point in time on the wire: ISO 8601, UTC, `2026-01-05T03:45:00.000Z`. */
export const isoTime = z.iso.datetime();

/** Text of a second without its milliseconds, `2026-01-05T03:45:00.`, and where it begins (ms since 1970). */
let second = { startMs: Number.NaN, text: '' };

/**
 * ISO 8601 UTC text of a point in time given in milliseconds since 1970.
 *
 * @throws RangeError for what is no time
 */
export function toIso(epochMs: number): string {
  const whole = Math.trunc(epochMs);
  const ms = whole - second.startMs;
  // Ticks come thousands a second, so the text of their second is made once.
  if (ms >= 0 && ms < 1_000) {
    return `${second.text}${ms < 10 ? '00' : ms < 100 ? '0' : ''}${ms}Z`;
  }
  const text = new Date(whole).toISOString();
  second = { startMs: Math.floor(whole / 1_000) * 1_000, text: text.slice(0, -4) };
  return text;
}
