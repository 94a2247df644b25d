const IST_OFFSET_MS = 5.5 * 3_600_000;

/** A time as TrueData writes it: Indian Standard Time without a zone, whole seconds. */
export function istTime(epochMs: number): string {
  return new Date(epochMs + IST_OFFSET_MS).toISOString().slice(0, 19);
}
