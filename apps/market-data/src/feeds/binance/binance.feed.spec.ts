import { RecordingSink } from '../../testing/recording-sink';
import { until } from '@tickbridge/shared-cache/testing';
import { VendorServer } from '../../testing/vendor-server';
import { BinanceFeed } from './binance.feed';
import { parseBinanceFrame } from './binance.frames';

const T = 1_723_161_255_342;
const TRADE = {
  stream: 'btcusdt@trade',
  data: {
    e: 'trade',
    E: T + 1,
    s: 'BTCUSDT',
    t: 3_735_683_259,
    p: '61837.63000000',
    q: '0.02000000',
    T,
    m: true,
    M: true,
  },
};
const BOOK = {
  stream: 'btcusdt@bookTicker',
  data: {
    u: 50_093_239_212,
    s: 'BTCUSDT',
    b: '61837.63000000',
    B: '3.78826000',
    a: '61837.64000000',
    A: '1.54698000',
  },
};
const MINI = {
  stream: 'btcusdt@miniTicker',
  data: {
    e: '24hrMiniTicker',
    E: T + 5,
    s: 'BTCUSDT',
    c: '61850.00',
    o: '60000.00',
    h: '62000.00',
    l: '59000.00',
    v: '1234.5',
    q: '1',
  },
};

describe('Binance frames', () => {
  it.each([
    ['{"result":null,"id":1}', { type: 'reply', error: null }],
    ['{"code":2,"msg":"Invalid request"}', { type: 'reply', error: 'Invalid request (2)' }],
    ['{"e":"serverShutdown"}', { type: 'shutdown' }],
    ['{"lastUpdateId":1,"bids":[],"asks":[]}', { type: 'other', kind: 'depth' }],
    ['{"stream":"btcusdt@depth@100ms","data":{}}', { type: 'other', kind: 'depth' }],
    ['{"stream":"btcusdt@trade","data":[]}', { type: 'malformed' }],
    ['nonsense', { type: 'malformed' }],
  ])('reads %s', (text, expected) => {
    expect(parseBinanceFrame(text)).toEqual(expected);
  });
});

describe('Binance feed', () => {
  let server: VendorServer;
  let feed: BinanceFeed;
  let sink: RecordingSink;

  beforeEach(async () => {
    server = new VendorServer(() => undefined);
    sink = new RecordingSink();
    const url = await server.listen();
    feed = new BinanceFeed(
      { url, symbols: ['BTCUSDT', 'ETHUSDT'], overlapMs: 200, now: () => T + 50, random: () => 0 },
      sink,
    );
    await feed.connect();
  });

  afterEach(async () => {
    await feed.disconnect();
    await server.close();
  });

  it('takes prices for real unless the server says that they are not', async () => {
    expect(feed.simulated).toBe(false);
    server.announceSimulated();
    await feed.reconnect();
    expect(feed.simulated).toBe(true);
  });

  it('subscribes in the address', () => {
    expect(server.requests).toEqual([
      '/stream?streams=btcusdt@trade/btcusdt@bookTicker/btcusdt@miniTicker/ethusdt@trade/ethusdt@bookTicker/ethusdt@miniTicker',
    ]);
    expect(feed.connection()).toMatchObject({ state: 'connected', symbolsRequested: 2 });
  });

  it('tells trade, quote and day summary apart', async () => {
    for (const frame of [TRADE, BOOK, MINI]) server.sendToAll(frame);
    await until('three updates', () => sink.updates.length === 3);
    expect(sink.updates).toMatchObject([
      {
        kind: 'trade',
        symbol: 'BTCUSDT',
        price: 61_837.63,
        quantity: 0.02,
        tradeNumber: 3_735_683_259,
        eventTime: T,
      },
      { kind: 'quote', quote: { bid: 61_837.63, bidQuantity: 3.78826, ask: 61_837.64 }, eventTime: null },
      { kind: 'snapshot', price: 61_850, session: { previousClose: 60_000, high: 62_000, volume: 1_234.5 } },
    ]);
  });

  it('counts what it cannot use and goes on', async () => {
    const { T: _time, ...withoutTime } = TRADE.data;
    server.sendToAll('{');
    server.sendToAll({ ...TRADE, data: withoutTime });
    server.sendToAll({ ...TRADE, data: { ...TRADE.data, s: 'DOGEUSDT' } });
    server.sendToAll({ stream: 'btcusdt@depth@100ms', data: {} });
    server.sendToAll(TRADE);
    await until('the good trade', () => sink.updates.length === 1);
    expect(sink.rejected).toEqual(['malformed', 'malformed', 'unknown-symbol']);
    expect(sink.ignored).toEqual(['depth']);
  });

  it('is on another connection before the vendor closes this one, and counts each trade once', async () => {
    const trade = (number: number) => ({ ...TRADE, data: { ...TRADE.data, t: number } });
    server.sendToAll(trade(1));
    server.sendToAll({ e: 'serverShutdown' });
    await until('the second connection', () => server.connections === 2);
    // Both deliver now, as both would at the vendor.
    await until('the second one to listen', () => server.requests.length === 2);
    let number = 1;
    while (server.connections === 2) {
      server.sendToAll(trade(++number));
      expect(feed.connection()).toMatchObject({ state: 'connected', connected: true });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    server.sendToAll(trade(++number));
    await until('the last trade', () => sink.updates.length >= number);
    expect(sink.updates.map((update) => update.kind === 'trade' && update.tradeNumber)).toEqual(
      Array.from({ length: number }, (_, index) => index + 1),
    );
    expect(sink.ignored.length).toBeGreaterThan(3);
    expect(feed.connection().reconnects).toBe(0);
  });

  it('replaces a connection before the vendor ends it', async () => {
    const { url } = server;
    const short = new BinanceFeed(
      { url, symbols: ['BTCUSDT'], connectionLifeMs: 100, overlapMs: 20 },
      new RecordingSink(),
    );
    await short.connect();
    await until(
      'three connections',
      () => server.requests.filter((path) => !path.includes('eth')).length >= 3,
    );
    expect(short.connection().connected).toBe(true);
    await short.disconnect();
    await until('all of them are closed', () => server.connections === 1);
  });

  it('keeps the connection it has when there is no other to be had', async () => {
    server.refuseNext();
    server.sendToAll({ e: 'serverShutdown' });
    await until('the refusal', () => server.requests.length === 2);
    server.sendToAll(TRADE);
    await until('a trade over the first', () => sink.updates.length === 1);
    expect(feed.connection().connected).toBe(true);
  });
});
