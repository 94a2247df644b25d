import { encodeFrame } from '../../src/live-market-data/frame';
import { keys } from '../../src/contract/shared-cache.keys';
import { waitFor } from '../../src/testing';
import { aBar } from '../feed-process';
import { LiveMarket } from '../live-market';

/** The promise is 1 s; the bound leaves room for a busy machine. */
const REPAIRED_MS = 3_000;
const CHANNEL = keys.ticks('simulator');
/** No frame: readers pass it over. */
const MARKER = 'behind the lost message';

describe('promise 5: a published message is lost', () => {
  let market: LiveMarket;

  beforeEach(async () => {
    market = await LiveMarket.open();
    market.publish({ lastPrice: 1 });
    await waitFor(() => market.price() === 1);
  });

  afterEach(() => market.close());

  async function repaired(): Promise<void> {
    const lostAt = performance.now();
    await waitFor(() => market.price() === 2 && market.price('NEW') === 2 && market.bars.length === 1);
    expect(performance.now() - lostAt).toBeLessThan(REPAIRED_MS);
  }

  it('on a link that goes on: the reader finds the gap and repairs it within 1 s', async () => {
    const { gaps } = market.live.status();
    market.proxy.halfOpen(CHANNEL);
    market.publish({ lastPrice: 2 });
    market.publish({ symbol: 'NEW', lastPrice: 2 });
    market.feed.publisher.publishBar(aBar('A', 0));
    // The hash and the message leave in one step. A count of frames would not do: the answer to one that was on its
    // way before the link broke raises it, and nothing is lost yet.
    await waitFor(() => market.redis.foreign.hexists(keys.liveCache('simulator'), 'NEW'), { everyMs: 1 });
    // What is published after the message is behind it on the link.
    await market.redis.foreign.publish(CHANNEL, MARKER);
    await waitFor(() => market.proxy.hasSwallowed(MARKER), { everyMs: 1 });
    expect(market.price('NEW')).toBeUndefined();
    market.proxy.heal();
    await repaired();
    expect(market.live.status()).toMatchObject({ gaps: gaps + 1, source: 'redis' });
  });

  it('with its link: the reader hears again and has what was published meanwhile within 1 s', async () => {
    await market.redis.foreign.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    market.publish({ lastPrice: 2 });
    market.publish({ symbol: 'NEW', lastPrice: 2 });
    market.feed.publisher.publishBar(aBar('A', 0));
    await repaired();
  });

  it('or numbers are skipped: it counts the hole and goes on from a snapshot', async () => {
    const { epoch, sequence: last, gaps } = market.live.status();
    const ahead = {
      epoch: epoch ?? '',
      sequence: last + 10,
      flushedAt: Date.now(),
      clockOffsetMs: null,
      ticks: [],
      bars: [],
    };
    await market.redis.foreign.publish(CHANNEL, encodeFrame(ahead));
    await waitFor(() => market.live.status().gaps > gaps);
    market.publish({ lastPrice: 2 });
    await waitFor(() => market.price() === 2, { timeoutMs: REPAIRED_MS });
  });
});
