import { type Bar, barCloseTime } from '@tickbridge/contracts';
import fc from 'fast-check';
import { RecordedBars } from '../backtest/recorded-bars';
import { aBar, FIRST_BAR_MS } from '../testing/bars';
import { recordedLines } from '../testing/recorded-lines';
import { BarFolder } from './bar-folder';

const MINUTE = 60_000;

/** A bar so many five-second steps after the first. */
function step(index: number, values: Partial<Bar> = {}): Bar {
  return aBar({ openTime: FIRST_BAR_MS + index * 5_000, sequence: index + 1, ...values });
}

const told = ({ symbol, openTime }: Bar) => `${symbol} ${(openTime - FIRST_BAR_MS) / MINUTE}`;

describe('bars folded from shorter ones', () => {
  it('have the prices, the sums and the closing quote of all of them', () => {
    const folder = new BarFolder(MINUTE);
    expect(folder.take(step(0, { open: 100, high: 103, close: 101, volume: 0.1 }))).toEqual([]);
    expect(folder.take(step(5, { open: 99, low: 97, close: 98, volume: 0.2, bid: 97 }))).toEqual([]);
    expect(folder.take(step(11, { open: 98, close: 99, bid: 98.9, ask: 99.1, trades: 4 }))).toEqual([
      {
        ...step(11, { open: 100, high: 103, low: 97, close: 99, bid: 98.9, ask: 99.1 }),
        openTime: FIRST_BAR_MS,
        intervalMs: MINUTE,
        volume: 100.3,
        trades: 24,
      },
    ]);
  });

  it('are finished by a later bar of their symbol, or by one of another symbol that opened after their end', () => {
    const folder = new BarFolder(MINUTE);
    folder.take(step(3, { symbol: 'A' }));
    folder.take(step(4, { symbol: 'B' }));
    // Bars of one moment come in any order: the last one of B may follow this.
    expect(folder.take(step(12, { symbol: 'A' })).map(told)).toEqual(['A 0']);
    expect(folder.take(step(13, { symbol: 'A' })).map(told)).toEqual(['B 0']);
    expect(folder.take(step(40, { symbol: 'A' })).map(told)).toEqual(['A 1']);
  });

  it('leave out what came before', () => {
    const folder = new BarFolder(MINUTE);
    folder.learn(step(0, { intervalMs: MINUTE, volume: 7 }));
    folder.learn(step(12, { volume: 1 }));
    expect(folder.take(step(12, { volume: 1 }))).toEqual([]);
    expect(folder.take(step(11, { volume: 100 }))).toEqual([]);
    expect(folder.take(step(23, { volume: 3 }))).toMatchObject([
      { volume: 4, openTime: FIRST_BAR_MS + MINUTE },
    ]);
  });

  it('go through unchanged where they are not shorter', () => {
    const bar = step(0, { intervalMs: 300_000 });
    expect(new BarFolder(MINUTE).take(bar)).toEqual([bar]);
  });

  it('have every trade once, whatever the order of symbols that end together', () => {
    const bar = fc.record({
      symbol: fc.constantFrom('A', 'B', 'C'),
      index: fc.integer({ min: 0, max: 400 }),
      close: fc.integer({ min: 50, max: 150 }),
      volume: fc.integer({ min: 1, max: 1_000 }),
      place: fc.integer(),
    });
    const chosen = fc.uniqueArray(bar, {
      selector: ({ symbol, index }) => `${symbol} ${index}`,
      maxLength: 300,
    });
    fc.assert(
      fc.property(chosen, fc.constantFrom(MINUTE, 5 * MINUTE, 15 * MINUTE), (drawn, intervalMs) => {
        const ordered = drawn.sort((a, b) => a.index - b.index || a.place - b.place);
        const folder = new BarFolder(intervalMs);
        const folded = ordered.flatMap(({ symbol, index, close, volume }) =>
          folder.take(step(index, { symbol, close, volume })),
        );
        const later = folder.take(step(100_000, { symbol: 'Z' }));
        const all = [...folded, ...later];
        expect(all.reduce((sum, { volume }) => sum + volume, 0)).toBe(
          drawn.reduce((sum, { volume }) => sum + volume, 0),
        );
        expect(new Set(all.map(told)).size).toBe(all.length);
        for (const one of all) {
          const parts = ordered.filter(({ symbol, index }) => {
            const { openTime } = step(index);
            return symbol === one.symbol && openTime >= one.openTime && openTime < barCloseTime(one);
          });
          expect(one).toMatchObject({
            open: parts[0]?.close,
            close: parts.at(-1)?.close,
            high: Math.max(...parts.map(({ close }) => close)),
            low: Math.min(...parts.map(({ close }) => close)),
          });
        }
      }),
    );
  });
});

const lines = recordedLines(['btcusdt_20240808.gz', 'ethusdt_20240808.gz']);

(lines ? describe : describe.skip)('bars folded from those of a recorded day', () => {
  const built = (intervalMs: number) => {
    const builder = new RecordedBars(undefined, intervalMs);
    return [...(lines ?? []).flatMap((line) => builder.take(line)), ...builder.finish()];
  };
  const short = built(5_000);

  it.each([MINUTE, 5 * MINUTE])('are those built from its trades, of %d ms', (intervalMs) => {
    const folder = new BarFolder(intervalMs);
    const folded = short.flatMap((bar) => folder.take(bar));
    const direct = built(intervalMs).map((bar) => ({ ...bar, volume: Math.round(bar.volume * 1e8) / 1e8 }));
    const bySymbol = (bars: Bar[], symbol: string) =>
      bars.filter((bar) => bar.symbol === symbol).map(({ sequence: _sequence, ...bar }) => bar);
    for (const symbol of ['BTCUSDT', 'ETHUSDT']) {
      const mine = bySymbol(folded, symbol);
      expect(mine.length).toBeGreaterThan(1);
      // The last one of the recording is not finished by any bar.
      expect(mine).toEqual(bySymbol(direct, symbol).slice(0, mine.length));
      expect(bySymbol(direct, symbol).length - mine.length).toBeLessThanOrEqual(1);
    }
  });
});
