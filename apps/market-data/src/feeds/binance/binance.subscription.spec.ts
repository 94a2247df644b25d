import { until } from '@tickbridge/shared-cache/testing';
import { BinanceLimitsServer } from '../../testing/binance-limits.server';
import { RecordingSink } from '../../testing/recording-sink';
import { BinanceFeed } from './binance.feed';

const NOW = 1_723_161_255_342;
const LONG_MS = 30_000;

/** Made-up pairs: `AAAUSDT`, `AABUSDT`, … */
function pairs(count: number): string[] {
  const letter = (index: number) => String.fromCharCode(65 + (index % 26));
  return Array.from({ length: count }, (_, index) => {
    return `A${letter(Math.floor(index / 26 / 26))}${letter(Math.floor(index / 26))}${letter(index)}USDT`;
  });
}

describe('a Binance subscription', () => {
  let server: BinanceLimitsServer;
  let feed: BinanceFeed;
  let sink: RecordingSink;

  async function start(symbols: readonly string[], refuses?: (stream: string) => boolean): Promise<void> {
    server = new BinanceLimitsServer(refuses);
    sink = new RecordingSink();
    feed = new BinanceFeed(
      { url: await server.listen(), symbols, overlapMs: 50, now: () => NOW, random: () => 0 },
      sink,
    );
    await feed.connect();
  }

  afterEach(async () => {
    await feed.disconnect();
    await server.close();
  });

  it('04: of 160 symbols is made although their address would be too long', async () => {
    const symbols = pairs(160);
    await start(symbols);
    await until('all streams', () => server.subscribed().size === 480, LONG_MS);
    expect(feed.connection()).toMatchObject({
      state: 'connected',
      symbolsRequested: 160,
      symbolsRefused: [],
    });
    expect(server.violations).toEqual([]);
  }, 60_000);

  it('of 1,000 symbols keeps every limit of the vendor, and delivers each of them once', async () => {
    const symbols = pairs(1_000);
    await start(symbols);
    await until('all streams', () => server.subscribed().size === 3_000, LONG_MS);
    expect([...server.streams.values()].map(({ size }) => size)).toEqual([1_023, 1_023, 954]);
    for (const symbol of symbols) server.trade(symbol, 1, NOW);
    await until('a trade of each', () => sink.updates.length >= 1_000);
    expect(new Set(sink.updates.map(({ symbol }) => symbol))).toEqual(new Set(symbols));
    expect(sink.updates).toHaveLength(1_000);
    expect(feed.connection()).toMatchObject({ state: 'connected', symbolsRefused: [], lastError: null });
    expect(server.violations).toEqual([]);
  }, 60_000);

  it('lost on one connection is made again there alone, and the symbols of the others stay fresh', async () => {
    const symbols = pairs(400);
    await start(symbols);
    await until('all streams', () => server.subscribed().size === 1_200, LONG_MS);
    server.dropOne();
    await until('the loss to be seen', () => feed.state !== 'connected');
    expect(feed.stateOf(symbols[0] as string)).not.toBe('connected');
    expect(feed.stateOf(symbols.at(-1) as string)).toBe('connected');
    await until('all streams again', () => server.subscribed().size === 1_200, LONG_MS);
    expect(server.connectionsMade).toBe(3);
    expect(feed.connection()).toMatchObject({ connected: true, reconnects: 1 });
    expect(new Set(sink.lost)).toEqual(new Set(symbols.slice(0, 341)));
    expect(server.violations).toEqual([]);
  }, 60_000);

  it('names the symbols the vendor refuses, and has all others', async () => {
    const symbols = pairs(160);
    const bad = [symbols[100], symbols[139]] as string[];
    await start(symbols, (stream) => bad.some((symbol) => stream.startsWith(symbol.toLowerCase())));
    await until('both refusals', () => feed.connection().symbolsRefused.length === 2, LONG_MS);
    await until('all others', () => server.subscribed().size === 158 * 3, LONG_MS);
    expect(
      feed
        .connection()
        .symbolsRefused.map(({ symbol }) => symbol)
        .sort(),
    ).toEqual([...bad].sort());
    expect(feed.connection().symbolsRefused[0]?.reason).toContain('Invalid request');
    expect(feed.isSubscribed(bad[0] as string)).toBe(false);
    expect(feed.isSubscribed(symbols[0] as string)).toBe(true);
    expect(server.violations).toEqual([]);
  }, 60_000);

  it('is replaced on each connection by itself', async () => {
    server = new BinanceLimitsServer();
    sink = new RecordingSink();
    const url = await server.listen();
    feed = new BinanceFeed({ url, symbols: pairs(400), connectionLifeMs: 200, overlapMs: 20 }, sink);
    await feed.connect();
    await until('a second life of both', () => server.connectionsMade >= 4, LONG_MS);
    expect(feed.connection().connected).toBe(true);
  }, 60_000);
});
