import { parseJsonObject } from '@tickbridge/contracts';

/** One frame of a combined stream: `{"stream":"btcusdt@trade","data":{…}}`, or a control message. */
export type BinanceFrame =
  | { type: 'trade'; data: Record<string, unknown> }
  | { type: 'bookTicker'; data: Record<string, unknown> }
  | { type: 'miniTicker'; data: Record<string, unknown> }
  | { type: 'shutdown' }
  | { type: 'reply'; error: string | null }
  | { type: 'other'; kind: string }
  | { type: 'malformed' };

/** Reads one text frame. Field values are not judged here. */
export function parseBinanceFrame(text: string): BinanceFrame {
  const frame = parseJsonObject(text);
  if (frame === undefined) return { type: 'malformed' };
  if (typeof frame.stream === 'string' && isObject(frame.data)) return streamFrame(frame.stream, frame.data);
  if (frame.e === 'serverShutdown') return { type: 'shutdown' };
  if ('result' in frame) return { type: 'reply', error: null };
  if (typeof frame.code === 'number') return { type: 'reply', error: `${textOf(frame.msg)} (${frame.code})` };
  if (isObject(frame.error)) {
    return { type: 'reply', error: `${textOf(frame.error.msg)} (${textOf(frame.error.code)})` };
  }
  // An order-book snapshot, as recordings hold it.
  if ('lastUpdateId' in frame) return { type: 'other', kind: 'depth' };
  return { type: 'malformed' };
}

/** Streams the vendor has; what it calls otherwise counts as one kind: names become metric labels. */
const KNOWN_KINDS: ReadonlySet<string> = new Set([
  ...['aggTrade', 'avgPrice', 'bookTicker', 'depth', 'kline', 'miniTicker', 'ticker', 'trade'],
]);

function streamFrame(stream: string, data: Record<string, unknown>): BinanceFrame {
  const kind = /@([a-zA-Z]+)/.exec(stream)?.[1] ?? stream;
  if (kind === 'trade' || kind === 'bookTicker' || kind === 'miniTicker') return { type: kind, data };
  if (data.e === 'serverShutdown') return { type: 'shutdown' };
  return { type: 'other', kind: KNOWN_KINDS.has(kind) ? kind : 'unknown' };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object in the place of a text may have no text form of its own. */
function textOf(field: unknown): string {
  return typeof field === 'string' ? field : JSON.stringify(field ?? null);
}
