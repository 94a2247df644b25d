import { parseJsonObject } from '@tickbridge/contracts';

/** A vendor's answer to login or command: `{"success":…,"message":…}` and more. */
export interface TrueDataAnswer {
  type: 'answer';
  success: boolean;
  message: string;
  /** Subscription budget; only the login result carries it. */
  maxSymbols: number | null;
}

/** "symbols added" or "touchline": one row per known symbol, text for each unknown one. */
export interface TrueDataSymbols {
  type: 'symbols';
  rows: readonly (readonly unknown[])[];
  texts: readonly string[];
}

export type TrueDataFrame =
  | TrueDataAnswer
  | TrueDataSymbols
  | { type: 'trade'; fields: readonly unknown[] }
  | { type: 'bidask'; fields: readonly unknown[] }
  | { type: 'heartbeat' }
  | { type: 'marketstatus'; text: string }
  | { type: 'other'; kind: string }
  | { type: 'malformed' };

/** Frames the vendor may send that carry nothing the platform uses. */
const UNUSED = ['bar1min', 'bar5min', 'greeks'] as const;

const MALFORMED: TrueDataFrame = { type: 'malformed' };

/** Reads one text frame of the TrueData real-time feed. Field values are not judged here. */
export function parseTrueDataFrame(text: string): TrueDataFrame {
  const frame = parseJsonObject(text);
  if (frame === undefined) return MALFORMED;
  if (Array.isArray(frame.trade)) return { type: 'trade', fields: frame.trade };
  if (Array.isArray(frame.bidask)) return { type: 'bidask', fields: frame.bidask };
  for (const kind of UNUSED) if (kind in frame) return { type: 'other', kind };
  // Its shape is not documented: whatever else the frame holds, it speaks of the markets.
  if ('marketstatus' in frame) return { type: 'marketstatus', text: wordsOf(frame.marketstatus) };
  if (typeof frame.success !== 'boolean') return MALFORMED;
  const message = typeof frame.message === 'string' ? frame.message : '';
  if (frame.success && message === 'HeartBeat') return { type: 'heartbeat' };
  if (frame.success && message.toLowerCase() === 'marketstatus') {
    const { success: _, message: __, ...rest } = frame;
    return { type: 'marketstatus', text: wordsOf(rest.data ?? rest) };
  }
  if (frame.success && Array.isArray(frame.symbollist)) return symbolsOf(frame.symbollist);
  const maxSymbols = typeof frame.maxsymbols === 'number' ? frame.maxsymbols : null;
  return { type: 'answer', success: frame.success, message, maxSymbols };
}

function wordsOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function symbolsOf(list: readonly unknown[]): TrueDataSymbols {
  return {
    type: 'symbols',
    rows: list.filter((entry): entry is unknown[] => Array.isArray(entry)),
    texts: list.filter((entry): entry is string => typeof entry === 'string'),
  };
}
