import { ABSENT } from './numbers';

const IST = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Kolkata',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** `14:05:09`, Indian time. */
export function formatTime(time: string | number | null | undefined): string {
  return time === null || time === undefined ? ABSENT : IST.format(new Date(time));
}

/** `0.4s`, `12s`, `3m`, `2h`. */
export function formatAge(ageMs: number | null | undefined): string {
  if (ageMs === null || ageMs === undefined) return ABSENT;
  if (ageMs < 10_000) return `${(Math.max(0, ageMs) / 1_000).toFixed(1)}s`;
  if (ageMs < 120_000) return `${Math.round(ageMs / 1_000)}s`;
  if (ageMs < 7_200_000) return `${Math.round(ageMs / 60_000)}m`;
  return `${Math.round(ageMs / 3_600_000)}h`;
}
