import { keys } from '../../src/contract/shared-cache.keys';
import { waitFor } from '../../src/testing';
import { LiveMarket } from '../live-market';

describe('Failures seen in the systems this replaces: live prices', () => {
  let market: LiveMarket;

  beforeEach(async () => {
    market = await LiveMarket.open();
  });

  afterEach(() => market.close());

  it('Whole-hash TTL keeps dead symbols alive', async () => {
    const diedAt = Date.now();
    market.publish({ symbol: 'DEAD', receivedAt: diedAt });
    await waitFor(() => market.price('DEAD'));
    // Others trade on, which renews the hash again and again, and the dead symbol not at all.
    const since = performance.now();
    await waitFor(() => {
      market.publish({ symbol: 'ALIVE' });
      return performance.now() - since > 400;
    });
    await waitFor(() => market.price('ALIVE'));
    expect(market.live.get('DEAD')?.ageMs).toBeGreaterThanOrEqual(Date.now() - diedAt - 50);
    expect(market.live.get('DEAD', { maxAgeMs: 300 })).toBeUndefined();
    expect(market.live.get('ALIVE', { maxAgeMs: 300 })).toBeDefined();
    // Each symbol has its own time in Redis too; the hash has none.
    expect(await market.redis.foreign.pttl(keys.liveCache('simulator'))).toBe(-1);
    const field = await market.redis.foreign.hget(keys.liveCache('simulator'), 'DEAD');
    expect(JSON.parse(field ?? '{}')).toMatchObject({ receivedAt: new Date(diedAt).toISOString() });
  });

  it('Timestamp rewritten to "now" on read', async () => {
    const receivedAt = Date.now() - 5_000;
    const eventTime = receivedAt - 1_000;
    market.publish({ receivedAt, eventTime });
    const first = await waitFor(() => market.live.get('RELIANCE'));
    let last = first;
    const since = performance.now();
    await waitFor(() => {
      const read = market.live.get('RELIANCE');
      expect(read?.tick).toMatchObject({ receivedAt, eventTime });
      expect(read?.ageMs).toBeGreaterThanOrEqual(last.ageMs);
      last = read ?? last;
      return performance.now() - since > 100;
    });
    expect(last.ageMs).toBeGreaterThanOrEqual(first.ageMs + 90);
    const field = await market.redis.foreign.hget(keys.liveCache('simulator'), 'RELIANCE');
    expect(JSON.parse(field ?? '{}')).toMatchObject({ receivedAt: new Date(receivedAt).toISOString() });
  });
});
