import {
  type Bar,
  barCloseTime,
  CANDLE_INTERVAL_MS,
  DEFAULT_EXITS,
  type Timeframe,
} from '@tickbridge/contracts';
import { STRATEGIES } from '../strategies/catalogue';
import { Calendars } from '../sessions/calendars';
import type { Strategy } from '../strategies/strategy';
import { aBar } from '../testing/bars';
import { TimeframedStrategy } from './timeframed-strategy';

const calendar = new Calendars().of('NSE_EQUITY');

/** Wants to buy at every bar, and keeps what it saw. */
function eager(timeframe: Timeframe) {
  const seen: Bar[] = [];
  const strategy: Strategy = {
    id: 'eager',
    parameters: {},
    isWarm: () => true,
    onBar: (bar) => {
      seen.push(bar);
      const draft = { strength: 1, confidence: 1, stopLoss: bar.close - 5, target: bar.close + 5 };
      return { ...draft, action: 'BUY', price: bar.close, reason: 'always', components: {} };
    },
  };
  const timed = new TimeframedStrategy(strategy, timeframe, () => calendar);
  const show = (time: string, values: Partial<Bar> = {}) => {
    const bar = aBar({ openTime: Date.parse(`2026-11-${time}+05:30`), ...values });
    return timed.onBar(bar, { source: 'truedata', now: barCloseTime(bar) }, DEFAULT_EXITS);
  };
  return { seen, show, timed };
}

describe('a strategy on bars of its timeframe', () => {
  it('decides at their close, with the close of the bar as the time of the signal', () => {
    const { seen, show } = eager('1m');
    expect(show('20T09:15:00')).toEqual([]);
    expect(show('20T09:15:55', { close: 104 })).toMatchObject([
      {
        price: 104,
        stopLoss: 99,
        barTime: '2026-11-20T03:46:00.000Z',
        createdAt: '2026-11-20T03:46:00.000Z',
      },
    ]);
    expect(seen).toMatchObject([{ intervalMs: 60_000, close: 104 }]);
  });

  it('gives signals of a quiet symbol when the bar of another one ends its bar', () => {
    const { show } = eager('1m');
    show('20T09:15:00', { symbol: 'QUIET' });
    expect(show('20T09:16:05', { symbol: 'OTHER' })).toMatchObject([{ symbol: 'QUIET' }]);
  });

  it('learns from a bar that is known a whole bar too late, and gives no signal', () => {
    const { seen, show } = eager('1m');
    show('20T09:15:00');
    expect(show('20T09:17:30')).toEqual([]);
    expect(seen).toHaveLength(1);
  });

  it('decides on a day when the next one opens, not in its auction', () => {
    const { seen, show } = eager('1d');
    show('20T15:29:55', { close: 107 });
    // A Monday: the auction before the opening ends the bar of Friday.
    expect(show('23T09:05:00')).toEqual([]);
    expect(seen).toEqual([]);
    expect(show('23T09:15:00')).toMatchObject([{ price: 107, createdAt: '2026-11-23T03:45:05.000Z' }]);
  });

  it('has the range of its own bars, and counts symbols', () => {
    const { show, timed } = eager('1m');
    for (let minute = 15; minute < 45; minute += 1) {
      show(`20T09:${minute}:00`, { high: 101, low: 100 });
      show(`20T09:${minute}:55`, { high: 110, low: 100, close: 105 });
    }
    expect(timed.rangeOf('ACME')).toBeCloseTo(10, 6);
    expect(timed.rangeOf('OTHER')).toBeNull();
    expect(timed.symbols).toBe(1);
  });
});

/** Two coins for three days in bars of five seconds, by chance of a fixed seed. */
function walk(): Bar[] {
  let seed = 11;
  const random = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
  const bars: Bar[] = [];
  const prices = new Map([
    ['AAA', 100],
    ['BBB', 40],
  ]);
  for (let at = Date.parse('2026-11-18T00:00:00Z'); at < Date.parse('2026-11-21T00:00:00Z'); at += 5_000) {
    for (const [symbol, open] of prices) {
      // Not every bar has a trade.
      if (random() < 0.3) continue;
      const close = open * (1 + (random() - 0.5) * 0.002);
      prices.set(symbol, close);
      bars.push(aBar({ symbol, openTime: at, open, close, volume: Math.ceil(random() * 500) }));
    }
  }
  return bars;
}

/** The same trades in longer bars, made by grouping. */
function grouped(bars: readonly Bar[], intervalMs: number): Bar[] {
  const groups = new Map<string, Bar[]>();
  for (const bar of bars) {
    const key = `${Math.floor(bar.openTime / intervalMs)} ${bar.symbol}`;
    groups.set(key, [...(groups.get(key) ?? []), bar]);
  }
  const all = [...groups.values()].map((group) => {
    const [first] = group as [Bar];
    return aBar({
      symbol: first.symbol,
      intervalMs,
      openTime: Math.floor(first.openTime / intervalMs) * intervalMs,
      open: first.open,
      close: (group.at(-1) as Bar).close,
      high: Math.max(...group.map(({ high }) => high)),
      low: Math.min(...group.map(({ low }) => low)),
      volume: group.reduce((sum, { volume }) => sum + volume, 0),
    });
  });
  return all.sort((a, b) => a.openTime - b.openTime || (a.symbol < b.symbol ? -1 : 1));
}

describe('signals of one market', () => {
  const market = walk();
  const around = new Calendars().of('CRYPTO');
  const loose: Record<string, Record<string, number>> = {
    'momentum-breakout': { lookbackBars: 3, breakoutAtr: 0.1, volumeFactor: 0.5, cooldownBars: 2 },
    'mean-reversion': {
      lookbackBars: 5,
      stretchDeviations: 1.2,
      rsiBars: 3,
      oversoldRsi: 45,
      cooldownBars: 2,
    },
    'opening-range': {},
  };

  it.each(['1m', '5m', '15m', '1h'] as const)(
    'are the same in bars of %s and in shorter ones',
    (timeframe) => {
      for (const entry of STRATEGIES) {
        const signals = (bars: readonly Bar[]) => {
          const strategy = entry.create(loose[entry.id] as Record<string, number>, {
            calendarOf: () => around,
          });
          const timed = new TimeframedStrategy(strategy, timeframe, () => around);
          return bars.flatMap((bar) =>
            timed.onBar(bar, { source: 'binance', now: barCloseTime(bar) }, DEFAULT_EXITS),
          );
        };
        const told = (bars: readonly Bar[]) =>
          signals(bars)
            .map(({ id, stopLoss, target, reason }) => `${id} ${stopLoss} ${target} ${reason}`)
            .sort();
        const long = told(grouped(market, CANDLE_INTERVAL_MS[timeframe]));
        // A range of a quarter of an hour has no bar of an hour in it.
        if (!(entry.id === 'opening-range' && timeframe === '1h')) expect(long.length).toBeGreaterThan(2);
        expect(told(market)).toEqual(long);
      }
    },
  );
});
