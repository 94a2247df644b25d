import type { MarketDataAnswer } from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import type { ServiceProcess } from '../service-process';
import { SimulatedVendor } from './simulated-vendor';

const COUNT = 25;

/** 21: malformed, NaN, zero, negative, out-of-order, future or duplicate ticks. */
describe('ticks that cannot be true', () => {
  let vendor: SimulatedVendor;
  let marketData: ServiceProcess;

  beforeAll(async () => {
    vendor = await SimulatedVendor.start();
    marketData = await vendor.client({ FEED_SYMBOLS: 'RELIANCE,ITC,SBIN' });
    await waitFor(async () => Object.keys((await marketData.status()).tradesBySymbol).length === 3);
  }, 90_000);

  afterAll(() => vendor.stop());

  const rejections = async () =>
    Object.values((await marketData.status()).rejected).reduce((sum, count) => sum + count, 0);

  it.each([
    ['nan', 'not-a-number'],
    ['zero', 'zero-price'],
    ['negative', 'negative-price'],
    ['future', 'future'],
    ['duplicate', 'duplicate'],
    ['out-of-order', 'out-of-order'],
    ['unknown-id', 'unknown-symbol'],
    ['malformed', 'malformed'],
  ])('are rejected when %s, counted as %s, and change nothing', async (kind, reason) => {
    const before = await rejections();
    await vendor.show(
      kind === 'malformed'
        ? { kind: 'malformed-frames', count: COUNT }
        : { kind: 'bad-ticks', tick: kind, count: COUNT },
    );
    await waitFor(async () => (await rejections()) >= before + COUNT);
    // Each once, and nothing else.
    expect(await rejections()).toBe(before + COUNT);

    const { rejected, missedTrades } = await marketData.status();
    // Of the malformed ones some are whole enough to name a symbol, which nobody knows.
    expect(rejected[reason]).toBeGreaterThanOrEqual(kind === 'malformed' ? COUNT / 2 : COUNT);
    expect(missedTrades).toBe(0);
    const metrics = await (await marketData.fetch('/metrics')).text();
    const metric = metrics
      .split('\n')
      .find(
        (line) => line.startsWith('tickbridge_feed_rejected_total{') && line.includes(`reason="${reason}"`),
      );
    expect(metric).toContain('feed="simulator"');
    expect(Number(metric?.split(' ').at(-1))).toBe(rejected[reason]);
    const { data } = await marketData.get<MarketDataAnswer>('/api/v1/market-data');
    for (const { lastPrice, eventTime } of Object.values(data)) {
      expect(lastPrice).toBeGreaterThan(0);
      expect(Date.parse(eventTime)).toBeLessThan(Date.now() + 5_000);
    }
  });

  it('do not stop the others', async () => {
    const { ticksAccepted, state } = await marketData.status();
    expect(state).toBe('connected');
    await waitFor(async () => (await marketData.status()).ticksAccepted > ticksAccepted);
  });
});
