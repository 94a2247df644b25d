/** What stands where a number is not known. */
export const ABSENT = '—';

const grouped = (digits: number) =>
  new Intl.NumberFormat('en-IN', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const TWO = grouped(2);
const WHOLE = grouped(0);

/** Price with as many decimals as its size needs. */
export function formatPrice(price: number | null | undefined): string {
  if (price === null || price === undefined) return ABSENT;
  return price >= 1 ? TWO.format(price) : price.toPrecision(4);
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
  return Number.isInteger(count) ? WHOLE.format(count) : String(Number(count.toPrecision(6)));
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
