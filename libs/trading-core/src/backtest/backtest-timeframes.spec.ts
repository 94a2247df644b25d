import type { Timeframe } from '@tickbridge/contracts';
import { aBar } from '../testing/bars';
import { recordedLines } from '../testing/recorded-lines';
import { runBacktest } from './backtest';
import type { BacktestSettings } from './backtest.settings';
import { TimeframeTooShortError } from './backtest.errors';
import { RecordedBars } from './recorded-bars';

const lines = recordedLines(['btcusdt_20240808.gz', 'ethusdt_20240808.gz']) ?? [];

function built(intervalMs: number) {
  const builder = new RecordedBars(undefined, intervalMs);
  return [...lines.flatMap((line) => builder.take(line)), ...builder.finish()];
}

function settings(timeframe?: Timeframe): BacktestSettings {
  const parameters = { lookbackBars: 3, breakoutAtr: 0, volumeFactor: 0, cooldownBars: 1 };
  return {
    source: 'replay',
    strategies: [{ id: 'momentum-breakout', parameters, timeframe, leastEdge: 0 }],
    accountId: 'PAPER_TRADER_001',
    capital: 100_000,
  };
}

describe('the timeframe of a backtest', () => {
  const withRecording = lines.length > 0 ? it : it.skip;

  withRecording('is seldom with long bars, and its own default where nobody says', () => {
    const bars = built(5_000);
    const [five, minute] = (['5s', '1m'] as const).map(
      (one) => runBacktest(settings(one), bars).statistics.signals,
    );
    expect(minute as number).toBeLessThan((five as number) / 3);
  });

  it('cannot be shorter than the bars of the data, unless nobody said so', () => {
    const hour = aBar({ symbol: 'BTCUSDT', intervalMs: 3_600_000 });
    expect(() => runBacktest(settings('5m'), [hour])).toThrow(TimeframeTooShortError);
    expect(runBacktest(settings(), [hour]).statistics.bars).toBe(1);
  });

  withRecording('leaves out entries that are not worth their costs, and counts them', () => {
    const run = (leastEdge: number) => {
      const given = settings('5s');
      return runBacktest(
        { ...given, strategies: given.strategies.map((one) => ({ ...one, leastEdge })) },
        built(5_000),
      );
    };
    const all = run(0);
    const few = run(0.3);
    const { withoutOrder, orders, signals } = few.statistics;
    expect(all.statistics.withoutOrder).not.toHaveProperty('edge-below-cost');
    expect(withoutOrder['edge-below-cost']).toBeGreaterThan(0);
    expect(orders).toBeLessThan(all.statistics.orders);
    const { 'edge-below-cost': refused, ...others } = withoutOrder;
    expect(signals - orders).toBe(
      Object.values(others).reduce((sum, count) => sum + count, refused as number),
    );
    // A default of twice the costs lets nothing of it through: a tenth of a percent each way, in bars of five seconds.
    expect(
      runBacktest(
        { ...settings('5s'), strategies: [{ ...settings('5s').strategies[0]!, leastEdge: undefined }] },
        built(5_000),
      ).statistics.orders,
    ).toBe(0);
  });
});
