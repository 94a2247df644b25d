import { recordedFrames } from './recorded-stream';

/** Trades of one price, side and moment, told as one. */
export interface AggTrade {
  /** Number of this row, from 1 in each recording. */
  id: number;
  price: string;
  quantity: number;
  firstTrade: number;
  lastTrade: number;
  time: number;
  buyerIsMaker: boolean;
  /** When the last of them was recorded (ms since 1970). */
  recordedAt: number;
}

interface Trade {
  s: string;
  t: number;
  p: string;
  q: string;
  T: number;
  m: boolean;
}

/** Aggregate trades of each symbol, as `/api/v3/aggTrades` tells them, computed from the trades of recordings. */
export async function aggTradesOf(paths: readonly string[]): Promise<Map<string, AggTrade[]>> {
  const bySymbol = new Map<string, AggTrade[]>();
  for (const path of paths) {
    for await (const { stream, text, recordedAt } of recordedFrames(path)) {
      if (!stream.endsWith('@trade')) continue;
      const { data } = JSON.parse(text) as { data: Trade };
      const rows = bySymbol.get(data.s) ?? [];
      bySymbol.set(data.s, rows);
      add(rows, data, recordedAt);
    }
  }
  return bySymbol;
}

function add(rows: AggTrade[], { t, p, q, T, m }: Trade, recordedAt: number): void {
  const last = rows.at(-1);
  if (last?.price === p && last.time === T && last.buyerIsMaker === m && last.lastTrade === t - 1) {
    last.quantity += Number(q);
    last.lastTrade = t;
    last.recordedAt = recordedAt;
    return;
  }
  rows.push({
    id: rows.length + 1,
    price: p,
    quantity: Number(q),
    firstTrade: t,
    lastTrade: t,
    time: T,
    buyerIsMaker: m,
    recordedAt,
  });
}

/** `{a, p, q, f, l, T, m, M}` */
export function aggTradeRow(row: AggTrade): Record<string, string | number | boolean> {
  const { id, price, quantity, firstTrade, lastTrade, time, buyerIsMaker } = row;
  return {
    a: id,
    p: price,
    q: quantity.toFixed(8),
    f: firstTrade,
    l: lastTrade,
    T: time,
    m: buyerIsMaker,
    M: true,
  };
}
