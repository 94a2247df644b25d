/** What stands where a number is not known. */
export const ABSENT = '—';

const grouped = (digits: number) =>
  new Intl.NumberFormat('en-IN', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const TWO = grouped(2);
const WHOLE = grouped(0);

/** No venue quotes finer. */
const MOST_DECIMALS = 18;
/** A price whose instrument is not known shows what it has, up to here: behind it stands the noise of computing. */
const UNKNOWN_DECIMALS = 8;
const byDecimals = new Map<number, Intl.NumberFormat>();
const AS_IT_IS = new Intl.NumberFormat('en-IN', {
  minimumFractionDigits: 2,
  maximumFractionDigits: UNKNOWN_DECIMALS,
});
const QUANTITY = new Intl.NumberFormat('en-IN', { maximumFractionDigits: UNKNOWN_DECIMALS });

/**
 * A price, never with an exponent.
 *
 * @param decimals of its instrument; without them as many as the price has, two at least
 */
export function formatPrice(price: number | null | undefined, decimals?: number): string {
  if (price === null || price === undefined) return ABSENT;
  if (decimals === undefined) return AS_IT_IS.format(price);
  const digits = Math.min(decimals, MOST_DECIMALS);
  const format = byDecimals.get(digits) ?? grouped(digits);
  byDecimals.set(digits, format);
  return format.format(price);
}

/** `+1.25 %`, with a real minus sign. */
export function formatPercent(percent: number | null | undefined, digits = 2): string {
  if (percent === null || percent === undefined) return ABSENT;
  return `${signOf(percent)}${Math.abs(percent).toFixed(digits)}%`;
}

export function formatSigned(value: number | null | undefined): string {
  if (value === null || value === undefined) return ABSENT;
  return `${signOf(value)}${TWO.format(Math.abs(value))}`;
}

/** A count or quantity; crypto trades in fractions. */
export function formatCount(count: number | null | undefined): string {
  if (count === null || count === undefined) return ABSENT;
  return QUANTITY.format(count);
}

/** Large numbers the Indian way: lakh, crore, lakh crore. */
export function formatLarge(value: number | null | undefined): string {
  if (value === null || value === undefined) return ABSENT;
  const magnitude = Math.abs(value);
  if (magnitude >= 1e12) return `${TWO.format(value / 1e12)} L Cr`;
  if (magnitude >= 1e7) return `${(magnitude >= 1e9 ? WHOLE : TWO).format(value / 1e7)} Cr`;
  if (magnitude >= 1e5) return `${TWO.format(value / 1e5)} L`;
  return Number.isInteger(value) || magnitude >= 1_000
    ? WHOLE.format(value)
    : String(Number(value.toPrecision(4)));
}

const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 2 });

/** A large amount in the way of its currency: rupees in lakh and crore, others as 1.23K, 1.23M, 1.23B. */
export function formatLargeIn(value: number, currency: string): string {
  return currency === 'INR' ? formatLarge(value) : COMPACT.format(value);
}

/** Exact money text, grouped, with its sign when it is a profit or loss. */
export function formatMoney(money: string | null | undefined, withSign = false): string {
  if (money === null || money === undefined) return ABSENT;
  const value = Number(money);
  return `${withSign ? signOf(value) : value < 0 ? '−' : ''}${TWO.format(Math.abs(value))}`;
}

export function formatRate(rate: number | null | undefined): string {
  return rate === null || rate === undefined ? ABSENT : `${(rate * 100).toFixed(1)}%`;
}

export function formatBytes(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return ABSENT;
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(2)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Which way a value points. */
export function directionOf(value: number | null | undefined): 'up' | 'down' | 'flat' {
  if (value === null || value === undefined || value === 0) return 'flat';
  return value > 0 ? 'up' : 'down';
}

function signOf(value: number): string {
  if (value > 0) return '+';
  return value < 0 ? '−' : '';
}
