import { z } from 'zod';

/** A point in time on the wire: ISO 8601, UTC, `2026-01-05T03:45:00.000Z`. */
export const isoTime = z.iso.datetime();

/** ISO 8601 UTC text of a point in time given in milliseconds since 1970. */
export function toIso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
