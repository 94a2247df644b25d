import { DEFAULT_NSE_SYMBOLS } from '@tickbridge/contracts';
import { SimulatedMarket } from './simulated-market';
import { TICK_SIZE } from './instruments';
import { SESSION_MS } from './trading-session';

/** Fifty minutes into a session. */
const NOW = Date.UTC(2026, 0, 5, 6, 50);
const OPTIONS = { seed: 42, ticksPerSecond: 1_500 };

function run(market: SimulatedMarket, from: number, seconds: number, step = 100) {
  const events: { kind: string; name: string; price: number; time: number; sequence: number }[] = [];
  for (let time = from + step; time <= from + seconds * 1_000; time += step) {
    market.runTo(time, ({ kind, symbol, time: at }) => {
      events.push({ kind, name: symbol.name, price: symbol.lastPrice, time: at, sequence: symbol.sequence });
    });
  }
  return events;
}

describe('simulated market', () => {
  it('lists every symbol a feed takes by default', () => {
    const market = new SimulatedMarket(OPTIONS, NOW);
    expect(DEFAULT_NSE_SYMBOLS).toHaveLength(175);
    expect(new Set(DEFAULT_NSE_SYMBOLS).size).toBe(175);
    for (const symbol of DEFAULT_NSE_SYMBOLS) expect(market.find(symbol)?.name).toBe(symbol);
  });

  it('gives the same market for the same seed, and another for another', () => {
    const first = run(new SimulatedMarket(OPTIONS, NOW), NOW, 5);
    expect(run(new SimulatedMarket(OPTIONS, NOW), NOW, 5)).toEqual(first);
    expect(run(new SimulatedMarket({ ...OPTIONS, seed: 43 }, NOW), NOW, 5)).not.toEqual(first);
  });

  it('makes the asked number of ticks per second', () => {
    const shares = run(new SimulatedMarket(OPTIONS, NOW), NOW, 10).filter(
      ({ name }) => !name.startsWith('NIFTY '),
    );
    expect(shares.length).toBe(15_000);
  });

  it('numbers the trades of a symbol without a gap, at times that never go back', () => {
    const trades = run(new SimulatedMarket(OPTIONS, NOW), NOW, 20).filter(({ kind }) => kind === 'trade');
    const reliance = trades.filter(({ name }) => name === 'RELIANCE');
    expect(reliance.length).toBeGreaterThan(50);
    reliance.forEach((trade, index) => {
      const before = reliance[index - 1];
      if (before === undefined) return;
      expect(trade.sequence).toBe(before.sequence + 1);
      expect(trade.time).toBeGreaterThanOrEqual(before.time);
    });
  });

  it('keeps prices on the grid, quotes uncrossed and session figures consistent', () => {
    const market = new SimulatedMarket(OPTIONS, NOW);
    run(market, NOW, 30);
    for (const { name, lastPrice, quote, session } of market.symbols) {
      expect(lastPrice).toBeGreaterThan(0);
      expect(Math.abs(lastPrice / TICK_SIZE - Math.round(lastPrice / TICK_SIZE))).toBeLessThan(1e-6);
      expect(session.low).toBeLessThanOrEqual(Math.min(session.open, lastPrice));
      expect(session.high).toBeGreaterThanOrEqual(Math.max(session.open, lastPrice));
      if (name.startsWith('NIFTY ')) expect(quote).toMatchObject({ bid: 0, ask: 0 });
      else expect(quote.ask).toBeGreaterThan(quote.bid);
    }
  });

  it('stays believable over two days of sessions', () => {
    const market = new SimulatedMarket({ ...OPTIONS, ticksPerSecond: 10 }, NOW);
    const before = new Map([...market.symbols].map(({ name, lastPrice }) => [name, lastPrice]));
    for (let session = 1; session <= 8; session++) market.runTo(NOW + session * SESSION_MS, () => undefined);
    for (const { name, lastPrice } of market.symbols) {
      const ratio = lastPrice / (before.get(name) as number);
      expect(ratio).toBeGreaterThan(0.7);
      expect(ratio).toBeLessThan(1.4);
    }
  });

  it('has a session of history behind it, also in the first minute of one', () => {
    const start = Math.floor(NOW / SESSION_MS) * SESSION_MS;
    const market = new SimulatedMarket(OPTIONS, start + 1_000);
    const bars = market.find('RELIANCE')?.minutes.latest(1_000) ?? [];
    expect(bars.length).toBeGreaterThanOrEqual(359);
    expect(bars.every((bar, index) => index === 0 || bar.start === bars[index - 1]!.start + 60_000)).toBe(
      true,
    );
    expect(bars.at(-1)?.start).toBe(start - 60_000);
    expect(market.find('RELIANCE')?.session.previousClose).toBe(bars.at(-1)?.close);
  });

  it('opens a new session with the last price as previous close and figures from zero', () => {
    const end = Math.floor(NOW / SESSION_MS) * SESSION_MS + SESSION_MS;
    const market = new SimulatedMarket(OPTIONS, end - 1_000);
    const symbol = market.find('RELIANCE');
    if (symbol === undefined) throw new Error('not listed');
    market.runTo(end - 500, () => undefined);
    const lastPrice = symbol.lastPrice;
    const volume = symbol.session.volume;
    market.runTo(end + 10, () => undefined);
    expect(symbol.session.previousClose).toBe(lastPrice);
    expect(symbol.session.open).not.toBe(lastPrice);
    expect(symbol.session.volume).toBeLessThan(volume);
  });
});
