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

/** A length of time as people say it: `45s`, `12m`, `3h 20m`, `2d 4h`. */
export function formatSpan(spanMs: number | null | undefined): string {
  if (spanMs === null || spanMs === undefined) return ABSENT;
  const seconds = Math.round(spanMs / 1_000);
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.round(spanMs / 60_000);
  if (minutes < 120) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours}h ${minutes % 60}m` : `${Math.floor(hours / 24)}d ${hours % 24}h`;
}

const IST_DATE = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Kolkata',
  day: '2-digit',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** `20 Nov, 14:05`, Indian time. */
export function formatDateTime(time: string | number): string {
  return IST_DATE.format(new Date(time));
}

const IST_OFFSET_MS = 5.5 * 3_600_000;

/** A time as an input of date and time takes it, on the clock of India: `2026-11-20T14:05`. */
export function istInput(epochMs: number): string {
  return new Date(epochMs + IST_OFFSET_MS).toISOString().slice(0, 16);
}

/** The time that such an input holds, as the services take it; what is no time stays as it is, to be refused. */
export function istTime(input: string): string {
  const time = Date.parse(`${input}:00+05:30`);
  return Number.isNaN(time) ? input : new Date(time).toISOString();
}
