import { toIso, type Candle, type CandleInterval, type Tick } from '@tickbridge/contracts';
import { CandleSeries, type StoredCandle } from './candle-series';

/** Candles kept per symbol: enough for a chart, bounded for 175 symbols in well under 100 MB. */
const CAPACITY: Record<CandleInterval, number> = {
  '1s': 300,
  '5s': 360,
  '1m': 500,
  '5m': 300,
  '15m': 200,
  '1h': 200,
  '1d': 200,
};

const INTERVALS = Object.keys(CAPACITY) as CandleInterval[];

/** Largest number of candles one question may ask for. */
export const MAX_CANDLES = 1_000;

/** Candles of all symbols and intervals, in memory, built from every trade. */
export class CandleStore {
  private readonly bySymbol = new Map<string, Record<CandleInterval, CandleSeries>>();

  addTrade(tick: Tick): void {
    const series = this.seriesOf(tick.symbol);
    const quantity = tick.lastQuantity ?? 0;
    for (const interval of INTERVALS) series[interval].addTrade(tick.eventTime, tick.lastPrice, quantity);
  }

  /** Adds a vendor's history of one interval behind what was built here. */
  addHistory(symbol: string, interval: CandleInterval, history: readonly StoredCandle[]): void {
    this.seriesOf(symbol)[interval].prepend(history);
  }

  /** The newest candles, oldest first; empty when the symbol never traded. */
  latest(symbol: string, interval: CandleInterval, limit: number): Candle[] {
    const stored = this.bySymbol.get(symbol)?.[interval].latest(limit) ?? [];
    return stored.map(({ openTime, ...figures }) => ({ time: toIso(openTime), ...figures }));
  }

  private seriesOf(symbol: string): Record<CandleInterval, CandleSeries> {
    let series = this.bySymbol.get(symbol);
    if (series === undefined) {
      series = Object.fromEntries(
        INTERVALS.map((interval) => [interval, new CandleSeries(interval, CAPACITY[interval])]),
      ) as Record<CandleInterval, CandleSeries>;
      this.bySymbol.set(symbol, series);
    }
    return series;
  }
}
