import type { Bar } from '@tickbridge/contracts';
import fc from 'fast-check';
import { ZodError } from 'zod';
import { Calendars } from '../sessions/calendars';
import { bars, FIRST_BAR_MS } from '../testing/bars';
import { recordedBars, recordedFile } from '../testing/recorded-bars';
import { STRATEGIES } from './catalogue';
import type { SignalDraft, StrategyParameters } from './strategy';

const nse = new Calendars().of('NSE_EQUITY');
const environment = { calendarOf: () => nse };

function make(id: string, parameters: StrategyParameters = {}) {
  const entry = STRATEGIES.find((candidate) => candidate.id === id);
  if (!entry) throw new Error(`no strategy ${id}`);
  return entry.create(parameters, environment);
}

/** Signals by the index of their bar. */
function run(id: string, input: readonly Bar[], parameters: StrategyParameters = {}) {
  const strategy = make(id, parameters);
  const signals = new Map<number, SignalDraft>();
  input.forEach((bar, index) => {
    const draft = strategy.onBar(bar);
    if (draft) signals.set(index, draft);
  });
  return signals;
}

const randomWalk = fc
  .array(fc.tuple(fc.integer({ min: -60, max: 60 }), fc.integer({ min: 1, max: 1_000 })), {
    minLength: 5,
    maxLength: 150,
  })
  .map((steps) => {
    let close = 1_000;
    return bars(
      steps.map(([change, volume]) => {
        const open = close;
        close = Math.max(1, close + change / 10);
        return {
          open,
          close,
          high: Math.max(open, close) + 0.5,
          low: Math.max(0.5, Math.min(open, close) - 0.5),
          volume,
        };
      }),
    );
  });

describe.each(STRATEGIES.map(({ id }) => id))('%s', (id) => {
  it('gives the same signals for the same bars', () => {
    fc.assert(
      fc.property(randomWalk, (walk) => {
        expect([...run(id, walk)]).toEqual([...run(id, walk)]);
      }),
      { numRuns: 30 },
    );
  });

  it('keeps symbols apart: bars of another symbol change nothing', () => {
    fc.assert(
      fc.property(randomWalk, randomWalk, (walk, other) => {
        const alone = [...run(id, walk).values()];
        const strategy = make(id);
        const mixed: SignalDraft[] = [];
        walk.forEach((bar, index) => {
          const stranger = other[index % other.length];
          if (stranger) strategy.onBar({ ...stranger, symbol: 'OTHER', openTime: bar.openTime });
          const draft = strategy.onBar(bar);
          if (draft) mixed.push(draft);
        });
        expect(mixed).toEqual(alone);
      }),
      { numRuns: 30 },
    );
  });

  it('puts stop and target on the right sides of the price, strength and confidence within 0 and 1', () => {
    fc.assert(
      fc.property(randomWalk, (walk) => {
        for (const { action, price, stopLoss, target, strength, confidence } of run(id, walk).values()) {
          const direction = action === 'BUY' ? 1 : -1;
          if (stopLoss !== null) expect((price - stopLoss) * direction).toBeGreaterThan(0);
          if (target !== null) expect((target - price) * direction).toBeGreaterThan(0);
          for (const share of [strength, confidence]) {
            expect(share).toBeGreaterThanOrEqual(0);
            expect(share).toBeLessThanOrEqual(1);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('refuses unknown and impossible parameters by name', () => {
    expect(() => make(id, { noSuchThing: 1 })).toThrow(ZodError);
    const [name] = Object.keys(make(id).parameters);
    expect(() => make(id, { [name ?? '']: -1 })).toThrow(name);
  });

  it('shows its defaults', () => {
    expect(make(id).parameters).toEqual(STRATEGIES.find((entry) => entry.id === id)?.defaults);
  });
});

describe('momentum breakout', () => {
  const quiet = [100, 100.2, 99.9, 100.1, 100].map((close) => ({
    close,
    high: close + 0.2,
    low: close - 0.2,
  }));

  it('is warm after its lookback and not before', () => {
    const strategy = make('momentum-breakout');
    const warm = bars(quiet).map((bar) => {
      strategy.onBar(bar);
      return strategy.isWarm('ACME');
    });
    expect(warm).toEqual([false, false, false, false, true]);
  });

  it.each([
    ['buys a close well above the channel on volume', { close: 101.5, volume: 200 }, 'BUY'],
    ['sells a close well below it', { close: 98.5, volume: 200 }, 'SELL'],
    ['ignores a breakout without volume', { close: 101.5, volume: 100 }, undefined],
    ['ignores a touch of the channel', { close: 100.45, volume: 200 }, undefined],
    ['ignores a spike that did not close outside', { close: 100.1, high: 103, volume: 500 }, undefined],
  ])('%s', (_title, last, action) => {
    expect(run('momentum-breakout', bars([...quiet, last])).get(5)?.action).toBe(action);
  });

  it('stays quiet for its cooldown after a signal', () => {
    const rising = Array.from({ length: 30 }, (_, index) => ({
      close: 102 + index * 2,
      volume: 200 + index * 100,
    }));
    const at = [...run('momentum-breakout', bars([...quiet, ...rising]), { volumeFactor: 0 }).keys()];
    expect(at).toEqual([5, 30]);
  });

  it('says nothing about a price that does not move', () => {
    expect(run('momentum-breakout', bars(Array.from({ length: 50 }, () => 100))).size).toBe(0);
  });
});

describe('mean reversion', () => {
  const fall = [100, 100.1, 99.9, 100, 100.1, 97];

  it('buys the first rising bar after an exhausted fall, back to the mean', () => {
    const signals = run('mean-reversion', bars([...fall, 97.4]));
    expect([...signals.keys()]).toEqual([6]);
    expect(signals.get(6)).toMatchObject({ action: 'BUY', price: 97.4 });
    expect(signals.get(6)?.target).toBeCloseTo(100.02);
  });

  it('sells the first falling bar after an exhausted rise', () => {
    const signals = run('mean-reversion', bars([100, 99.9, 100.1, 100, 99.9, 103, 102.5]));
    expect(signals.get(6)?.action).toBe('SELL');
  });

  it('does not catch a knife that is still falling', () => {
    expect(run('mean-reversion', bars([...fall, 96.5])).size).toBe(0);
  });

  it('has the mean as its target: the way there is what it expects', () => {
    const [signal] = run('mean-reversion', bars([...fall, 97.4])).values();
    expect(signal?.target).toBe(signal?.components['mean']);
  });
});

describe('opening range', () => {
  const minute = (values: Partial<Bar>) => ({ high: 101, low: 99, close: 100, ...values });
  const morning = (entries: Partial<Bar>[], openTime = FIRST_BAR_MS) =>
    entries.map((entry, index) => ({
      ...(bars([entry], { openTime: openTime + index * 60_000, intervalMs: 60_000 })[0] as Bar),
      ...entry,
    }));
  const range = Array.from({ length: 15 }, () => minute({}));

  it.each([
    ['buys a close above the range', 101.5, 'BUY'],
    ['sells a close below the range', 98.5, 'SELL'],
    ['waits while the price stays inside', 100.9, undefined],
  ])('%s', (_title, close, action) => {
    const signals = run('opening-range', morning([...range, minute({ close, high: 102, low: 98 })]));
    expect(signals.get(15)?.action).toBe(action);
    if (action) expect(signals.get(15)?.stopLoss).toBe(100);
  });

  it('is warm exactly when the range is complete', () => {
    const strategy = make('opening-range');
    const warm = morning([...range, minute({})]).map((bar) => {
      strategy.onBar(bar);
      return strategy.isWarm('ACME');
    });
    expect(warm.indexOf(true)).toBe(14);
  });

  it('trades once per session and symbol', () => {
    const breakouts = [minute({ close: 102 }), minute({ close: 97 }), minute({ close: 103 })];
    expect(run('opening-range', morning([...range, ...breakouts])).size).toBe(1);
  });

  it('trusts no range whose beginning it has not seen', () => {
    const late = FIRST_BAR_MS + 5 * 60_000;
    expect(run('opening-range', morning([...range, minute({ close: 102 })], late)).size).toBe(0);
  });

  it('starts over in the next session', () => {
    const monday = Date.parse('2026-11-23T03:45:00Z');
    const strategy = make('opening-range');
    const signalsOf = (input: Bar[]) => input.flatMap((bar) => strategy.onBar(bar) ?? []);
    expect(signalsOf(morning([...range, minute({ close: 102 })]))).toHaveLength(1);
    expect(signalsOf(morning([...range, minute({ close: 98 })], monday))).toHaveLength(1);
  });

  it('opens nothing after the entry window', () => {
    const hours = Array.from({ length: 120 }, () => minute({}));
    expect(run('opening-range', morning([...hours, minute({ close: 105 })])).size).toBe(0);
  });

  it('is silent outside the session', () => {
    const night = FIRST_BAR_MS - 3_600_000;
    expect(run('opening-range', morning([...range, minute({ close: 105 })], night)).size).toBe(0);
  });
});

const recording = recordedFile('btcusdt_20240808.gz');
const title = recording ? '' : ' (NOT RUN: the recordings are not in ../shared/data)';
(recording ? describe : describe.skip)(`the recorded Bitcoin market${title}`, () => {
  it('gives signals of momentum breakout and of mean reversion, and no flood', () => {
    const input = recordedBars(recording ?? '', 'BTCUSDT');
    const counts = STRATEGIES.map(({ id }) => [id, run(id, input).size]);
    expect(input.reduce((sum, bar) => sum + bar.trades, 0)).toBe(9_757);
    expect(counts).toEqual([
      ['momentum-breakout', 2],
      ['mean-reversion', 3],
      ['opening-range', 0],
    ]);
  });
});
