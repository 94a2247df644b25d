/** What is subscribed of each symbol. */
const STREAMS = ['trade', 'bookTicker', 'miniTicker'] as const;

/**
 * Streams one connection may carry.
 *
 * Source: https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams, "Websocket Limits".
 */
const MAX_STREAMS = 1_024;

/** Symbols one connection may carry. */
export const MAX_SYMBOLS = Math.floor(MAX_STREAMS / STREAMS.length);

/** The vendor answered 414 above 8,004 characters; what stands between may allow less. */
const MAX_ADDRESS_LENGTH = 2_000;

/** Messages of more than 4,096 bytes were dropped without a word (thrasher-corp/gocryptotrader#670). */
const MAX_MESSAGE_LENGTH = 4_000;

/** Streams of a symbol: `btcusdt@trade`, … */
export function streamsOf(symbol: string): readonly string[] {
  return STREAMS.map((stream) => `${symbol.toLowerCase()}@${stream}`);
}

/** What a connection subscribes to in its address, and what by messages once it stands. */
export interface SubscriptionPlan {
  readonly address: string;
  readonly messages: readonly (readonly string[])[];
}

/**
 * The address takes as many symbols as its length allows, so that few symbols need no message at all.
 *
 * @param base `wss://data-stream.binance.vision`
 */
export function planSubscription(base: string, symbols: Iterable<string>): SubscriptionPlan {
  let address = `${base.replace(/\/+$/, '')}/stream?streams=`;
  const messages: string[][] = [];
  let room = 0;
  for (const symbol of symbols) {
    const streams = streamsOf(symbol);
    const joined = `${address.endsWith('=') ? '' : '/'}${streams.join('/')}`;
    if (messages.length === 0 && encodeURI(address + joined).length <= MAX_ADDRESS_LENGTH) {
      address += joined;
      continue;
    }
    const length = Buffer.byteLength(JSON.stringify(streams));
    if (length > room) {
      messages.push([]);
      room = MAX_MESSAGE_LENGTH;
    }
    room -= length;
    messages.at(-1)?.push(...streams);
  }
  return { address, messages };
}

/** Symbols of each connection. */
export function symbolsByConnection(symbols: readonly string[]): readonly (readonly string[])[] {
  const distinct = [...new Set(symbols)];
  const parts: string[][] = [];
  for (let start = 0; start < distinct.length; start += MAX_SYMBOLS) {
    parts.push(distinct.slice(start, start + MAX_SYMBOLS));
  }
  return parts.length === 0 ? [[]] : parts;
}
