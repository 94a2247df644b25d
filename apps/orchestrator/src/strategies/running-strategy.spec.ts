import type { Bar } from '@tickbridge/contracts';
import { DEFAULT_EXITS } from '@tickbridge/contracts';
import { Calendars, type CatalogueEntry, type TimeframeContext } from '@tickbridge/trading-core';
import { TradingFeed } from '../market/trading-feed';
import { BarHistory } from './bar-history';
import { RunningStrategy } from './running-strategy';
import type { StrategySettings } from './strategy-settings.repository';
import { BAR_BOUND_MS, SlowBarWatch } from './slow-bar.watch';

const feed = new TradingFeed('simulator', new Calendars());
const context: TimeframeContext = { source: 'simulator', now: 1_700_000_000_000 };
const bar = { symbol: 'ACME', openTime: context.now - 5_000, intervalMs: 5_000, close: 100 } as Bar;

const nth = (count: number): Bar => ({ ...bar, openTime: bar.openTime + count * bar.intervalMs });
const SETTINGS: StrategySettings = {
  enabled: true,
  parameters: {},
  timeframe: null,
  leastEdge: null,
  exits: DEFAULT_EXITS,
  product: null,
  suspended: null,
};

function running(onBar: () => undefined): RunningStrategy {
  const entry: CatalogueEntry = {
    id: 'odd',
    name: 'Odd',
    description: 'Behaves oddly.',
    timeframe: '5s',
    defaults: {},
    create: () => ({ id: 'odd', parameters: {}, isWarm: () => true, onBar }),
  };
  return new RunningStrategy(entry, [feed], new BarHistory());
}

/** Keeps the processor busy so long, however many others want it. */
function compute(ms: number): undefined {
  const before = process.cpuUsage();
  const end = performance.now() + ms;
  const used = () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  };
  while (performance.now() < end || used() < ms);
}

describe('a running strategy', () => {
  it('that throws is counted and shown, and runs again on the next bar', () => {
    let fails = true;
    const strategy = running(() => {
      if (fails) throw new Error('division by a bar');
      return undefined;
    });
    expect(strategy.onBar(bar, context)).toEqual([]);
    fails = false;
    strategy.onBar(nth(1), context);
    expect(strategy.status()).toMatchObject({
      errors: 1,
      lastError: 'division by a bar',
      lastErrorAt: new Date(context.now).toISOString(),
      barsSeen: 2,
      suspended: null,
    });
  });

  it('that is slow on three bars is suspended with the figures, not run any more, and resumed by a person', () => {
    let runs = 0;
    const strategy = running(() => {
      runs += 1;
      return compute(BAR_BOUND_MS * 1.5);
    });
    for (let count = 0; count < 5; count += 1) strategy.onBar(nth(count), context);
    expect(runs).toBe(3);
    const { suspended, slowBars, slowestBarMs } = strategy.status();
    expect(suspended?.reason).toContain('3 of its last 3 bars took longer than 100 ms');
    expect(slowBars).toBe(3);
    expect(slowestBarMs).toBeGreaterThan(BAR_BOUND_MS);

    strategy.use(SETTINGS);
    strategy.onBar(nth(5), context);
    expect(runs).toBe(4);
    expect(strategy.suspended).toBeNull();
  });
});

describe('the watch over slow bars', () => {
  const slow = { wallMs: 500, cpuMs: 500 };
  const fast = { wallMs: 1, cpuMs: 1 };

  it('does not blame a strategy for a process that was paused', () => {
    const watch = new SlowBarWatch();
    for (let count = 0; count < 10; count += 1) {
      expect(watch.add({ wallMs: 60_000, cpuMs: 2 })).toBeUndefined();
    }
    expect(watch.slowBars).toBe(0);
  });

  it('forgets slow bars that lie a hundred bars back', () => {
    const watch = new SlowBarWatch();
    watch.add(slow);
    watch.add(slow);
    for (let count = 0; count < 100; count += 1) watch.add(fast);
    expect(watch.add(slow)).toBeUndefined();
    expect(watch.slowBars).toBe(3);
  });
});
