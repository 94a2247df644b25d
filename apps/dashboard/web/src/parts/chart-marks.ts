import type { Candle, Fill, Order, Signal } from '@tickbridge/contracts';

/** Something that happened, shown at a candle. */
export interface ChartMark {
  /** Time of the market it belongs to (ms since 1970): in a replay the recorded one. */
  time: number;
  kind: 'signal' | 'fill';
  side: 'BUY' | 'SELL' | 'EXIT';
}

interface Happenings {
  signals: readonly Signal[];
  orders: readonly Order[];
  fills: readonly Fill[];
}

/** Signals and fills of a symbol, oldest first. */
export function marksOf(symbol: string, { signals, orders, fills }: Happenings): ChartMark[] {
  const filledAt = new Map(fills.map((fill) => [fill.orderId, Date.parse(fill.filledAt)]));
  const ofSignals = signals
    .filter((signal) => signal.symbol === symbol)
    .map((signal): ChartMark => ({ time: withinBar(signal), kind: 'signal', side: signal.action }));
  const ofFills = orders
    .filter((order) => order.symbol === symbol && order.filledQuantity > 0)
    .map((order): ChartMark => ({
      // Both are told by the clock of trading, which in a replay is the recorded one.
      time: filledAt.get(order.id) ?? Date.parse(order.updatedAt),
      kind: 'fill',
      side: order.side,
    }));
  return [...ofSignals, ...ofFills].sort((a, b) => a.time - b.time);
}

/** Each mark at the start of the candle it falls into; what is older than the first candle is left out. */
export function atCandles(marks: readonly ChartMark[], candles: readonly Candle[]): ChartMark[] {
  const starts = candles.map(({ time }) => Date.parse(time));
  return marks.flatMap((mark) => {
    const start = starts.findLast((time) => time <= mark.time);
    return start === undefined ? [] : [{ ...mark, time: start }];
  });
}

/** `barTime` is the close of the bar, where the next one begins; a moment before is within it. */
function withinBar({ barTime }: Signal): number {
  return Date.parse(barTime) - 1;
}
