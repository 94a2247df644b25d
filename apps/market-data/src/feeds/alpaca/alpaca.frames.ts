import { parseJson } from '@tickbridge/contracts';

export type Fields = Readonly<Record<string, unknown>>;

/** One message of the stream. Field values are not judged here. */
export type AlpacaMessage =
  | { type: 'connected' }
  | { type: 'authenticated' }
  | { type: 'error'; code: number | null; message: string }
  /** Everything that is subscribed now. */
  | { type: 'subscription'; trades: ReadonlySet<string> }
  | { type: 'trade' | 'quote' | 'minute'; fields: Fields }
  /** What was traded before is told otherwise now; the vendor's candles have it. */
  | { type: 'amended'; kind: string; symbol: unknown }
  | { type: 'other'; kind: string }
  | { type: 'malformed' };

const DATA: Readonly<Record<string, 'trade' | 'quote' | 'minute'>> = { t: 'trade', q: 'quote', b: 'minute' };

/** A trade that is corrected or taken back, and the candle of a minute to which a late one came. */
const AMENDED: Readonly<Record<string, string>> = {
  c: 'trade-correction',
  x: 'trade-cancel',
  u: 'updated-bar',
};

/** Messages the vendor may send that change nothing here; names become metric labels. */
const OTHER: Readonly<Record<string, string>> = {
  s: 'trading-status',
  l: 'price-band',
  d: 'daily-bar',
  i: 'order-imbalance',
};

/** Reads one frame: an array of messages, each of a kind of its own. */
export function parseAlpacaFrame(text: string): readonly AlpacaMessage[] {
  const frame = parseJson(text);
  return Array.isArray(frame) ? frame.map(messageOf) : [{ type: 'malformed' }];
}

function messageOf(value: unknown): AlpacaMessage {
  if (!isObject(value) || typeof value.T !== 'string') return { type: 'malformed' };
  const kind = value.T;
  const data = Object.hasOwn(DATA, kind) ? DATA[kind] : undefined;
  if (data !== undefined) return { type: data, fields: value };
  const amended = Object.hasOwn(AMENDED, kind) ? AMENDED[kind] : undefined;
  if (amended !== undefined) return { type: 'amended', kind: amended, symbol: value.S };
  switch (kind) {
    case 'success':
      if (value.msg === 'connected' || value.msg === 'authenticated') return { type: value.msg };
      return { type: 'other', kind: 'success' };
    case 'error':
      return {
        type: 'error',
        code: typeof value.code === 'number' ? value.code : null,
        message: typeof value.msg === 'string' ? value.msg.slice(0, 200) : 'an error without words',
      };
    case 'subscription':
      return { type: 'subscription', trades: new Set(textsOf(value.trades)) };
    default:
      return { type: 'other', kind: (Object.hasOwn(OTHER, kind) ? OTHER[kind] : undefined) ?? 'unknown' };
  }
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
