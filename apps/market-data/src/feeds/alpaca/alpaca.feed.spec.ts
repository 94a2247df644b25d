import { until } from '@tickbridge/shared-cache/testing';
import { AlpacaVendor, LOGIN } from '../../testing/alpaca-vendor';
import { RecordingSink } from '../../testing/recording-sink';
import { AlpacaFeed } from './alpaca.feed';

const NOW = Date.parse('2026-11-27T15:51:45.000Z');
const TRADE = {
  T: 't',
  S: 'AAPL',
  i: 96921,
  x: 'V',
  p: 271.55,
  s: 100,
  c: ['@'],
  t: '2026-11-27T15:51:44.208123456Z',
  z: 'C',
};
const BAR = {
  T: 'b',
  S: 'AAPL',
  o: 271.5,
  h: 271.6,
  l: 271.4,
  c: 271.55,
  v: 500,
  n: 4,
  vw: 271.52,
  t: '2026-11-27T15:52:00Z',
};

describe('Alpaca feed', () => {
  let vendor: AlpacaVendor;
  let sink: RecordingSink;
  let feed: AlpacaFeed;
  const start = async (symbols: readonly string[] = ['AAPL', 'BRK.B'], pingMs?: number) => {
    const hosts = await vendor.listen();
    feed = new AlpacaFeed({ ...hosts, ...LOGIN, symbols, pingMs, now: () => NOW, random: () => 0 }, sink);
    await feed.connect();
  };
  const commands = () => vendor.stream.received.map((text) => JSON.parse(text) as Record<string, unknown>);
  const isSubscribed = () => until('the subscription', () => commands().length >= 2);
  const send = (...messages: object[]) => vendor.stream.sendToAll(messages);

  beforeEach(() => {
    vendor = new AlpacaVendor();
    sink = new RecordingSink();
  });

  afterEach(async () => {
    await feed.disconnect();
    await vendor.close();
  });

  it('logs in when it is greeted, then subscribes trades, quotes and minutes', async () => {
    await start();
    await isSubscribed();
    expect(vendor.stream.requests).toEqual(['/v2/iex']);
    const symbols = ['AAPL', 'BRK.B'];
    expect(commands()).toEqual([
      { action: 'auth', ...LOGIN },
      { action: 'subscribe', trades: symbols, quotes: symbols, bars: symbols },
    ]);
    expect(feed.connection()).toMatchObject({ connected: true, symbolsRequested: 2, symbolsRefused: [] });
    expect(sink.connections).toBe(1);
  });

  it('takes a trade to its millisecond, by an id that is no number', async () => {
    await start();
    send(TRADE, { ...TRADE, i: 96922, s: 3, c: ['@', 'I'], t: '2026-11-27T15:51:44.208999999Z' });
    await until('both trades', () => sink.updates.length === 2);
    expect(sink.updates).toMatchObject([
      {
        kind: 'trade',
        symbol: 'AAPL',
        assetClass: 'stock',
        price: 271.55,
        quantity: 100,
        tradeNumber: null,
        tradeId: 'V:96921',
        eventTime: Date.parse('2026-11-27T15:51:44.208Z'),
        readAt: NOW,
      },
      { tradeId: 'V:96922', setsPrice: false, eventTime: Date.parse('2026-11-27T15:51:44.208Z') },
    ]);
    expect(sink.updates[0]).not.toHaveProperty('setsPrice');
  });

  it('takes sizes of quotes as shares, and a price of zero as no quote', async () => {
    await start();
    const quote = { T: 'q', S: 'BRK.B', bx: 'V', bp: 510.1, bs: 40, ax: 'V', ap: 0, as: 0, c: ['R'], z: 'B' };
    send({ ...quote, t: '2026-11-27T15:51:44.3Z' });
    await until('the quote', () => sink.updates.length === 1);
    expect(sink.updates).toMatchObject([
      { kind: 'quote', quote: { bid: 510.1, bidQuantity: 40, ask: null, askQuantity: null } },
    ]);
  });

  it('rejects what it cannot read by the message, and takes the others of the same frame', async () => {
    await start();
    send(
      { ...TRADE, t: 'soon' },
      { ...TRADE, i: null },
      { ...TRADE, S: 'MSFT' },
      { ...TRADE, c: ['@', 'M'] },
      { T: 'c', S: 'AAPL', oi: 1, ci: 2 },
      { T: 'x', S: 'AAPL', i: 1, a: 'C' },
      { T: 'constructor' },
      TRADE,
    );
    vendor.stream.sendToAll('{"T":"t"}');
    vendor.stream.sendToAll('nonsense');
    await until('the end of it', () => sink.rejected.length === 5);
    expect(sink.updates).toHaveLength(1);
    expect(sink.rejected).toEqual(['malformed', 'malformed', 'unknown-symbol', 'malformed', 'malformed']);
    expect(sink.ignored).toEqual(['official-price', 'trade-correction', 'trade-cancel', 'unknown']);
  });

  it('has candles loaded when a trade was corrected or taken back, or came late', async () => {
    await start();
    await isSubscribed();
    send(
      { T: 'c', S: 'AAPL', x: 'D', oi: 79372157998682, op: 349.15, ci: 79372444317008, cp: 348.15 },
      { T: 'x', S: 'BRK.B', i: 71692774223953, x: 'D', p: 18.365, s: 250_000, a: 'C' },
      { ...BAR, T: 'u', S: 'AAPL' },
      { T: 'x', S: 'MSFT', i: 1, a: 'C' },
      { T: 'c' },
    );
    await until('all of them', () => sink.ignored.length === 5);
    expect(sink.lost).toEqual(['AAPL', 'BRK.B', 'AAPL']);
    expect(sink.rejected).toEqual([]);
  });

  it('has candles loaded when the vendor counted more in a minute than came', async () => {
    await start(['AAPL']);
    await isSubscribed();
    send({ ...TRADE, s: 499, t: '2026-11-27T15:52:01Z' }, { ...BAR, v: 499 });
    await until('a minute that is whole', () => sink.ignored.includes('minute-bar'));
    expect(sink.lost).toEqual([]);
    send(BAR);
    await until('one that is not', () => sink.lost.length > 0);
    // Of the minute in which the connection began only a part came; the history is loaded then anyway.
    send({ ...BAR, t: '2026-11-27T15:51:00Z', v: 1e9 });
    await until('the first one', () => sink.ignored.length === 2);
    expect(sink.lost).toEqual(['AAPL']);
  });

  it('has all candles loaded after a connection was lost', async () => {
    await start();
    await isSubscribed();
    vendor.stream.dropAll();
    await until('the next connection', () => feed.connection().reconnects === 1);
    expect(sink.lost).toEqual(['AAPL', 'BRK.B']);
    await until(
      'its subscription',
      () => commands().filter(({ action }) => action === 'subscribe').length === 2,
    );
  });

  it('stays connected while a closed market says nothing, by asking for a sign of life', async () => {
    await start(['AAPL'], 40);
    await until('three times the longest silence', () => vendor.pings >= 9);
    expect(feed.connection()).toMatchObject({ connected: true, reconnects: 0 });
  });

  it('subscribes what the plan takes, and names the rest', async () => {
    vendor.refuse = (symbols) =>
      symbols.length > 3 ? { T: 'error', code: 405, msg: 'symbol limit exceeded' } : undefined;
    await start(['A', 'B', 'C', 'D', 'E']);
    await until('what is too much', () => feed.connection().symbolsRefused.length === 2);
    expect(feed.connection().symbolsRefused).toEqual(
      ['D', 'E'].map((symbol) => ({ symbol, reason: 'above the limit of the plan, which took 3 symbols' })),
    );
    expect(feed.isSubscribed('C')).toBe(true);
    expect(feed.isSubscribed('D')).toBe(false);
    await until('figures of the day', () => vendor.asked.some(({ search }) => search !== ''));
    const asked = vendor.asked.find(({ search }) => search !== '')?.searchParams.get('symbols');
    expect(asked).toBe('A,B,C');
    expect(feed.connection()).toMatchObject({ connected: true });
  });

  it.each([
    [402, 'auth failed', 'stopped', 'Check ALPACA_KEY and ALPACA_SECRET'],
    [409, 'insufficient subscription', 'stopped', 'ALPACA_URL'],
    [408, 'v2 not enabled', 'stopped', 'Enable market data'],
    [406, 'connection limit exceeded', 'waiting', 'Another program uses this key'],
    [404, 'auth timeout', 'waiting', '404'],
    [407, 'slow client', 'waiting', 'could not keep up'],
    [500, 'internal error', 'waiting', '500'],
    [499, 'an error of tomorrow', 'waiting', 'an error of tomorrow (499)'],
  ])('after error %i, %s, is %s and says what to do', async (code, msg, state, words) => {
    vendor.loginAnswer = { T: 'error', code, msg };
    await start();
    expect(feed.connection()).toMatchObject({ state, connected: false });
    expect(feed.connection().lastError).toContain(words);
    expect(feed.connection().lastError).not.toContain(LOGIN.secret);
  });

  it('goes on after an error that costs nothing', async () => {
    await start();
    await isSubscribed();
    send({ T: 'error', code: 403, msg: 'already authenticated' });
    await until('what was said', () => feed.connection().lastError !== null);
    expect(feed.connection()).toMatchObject({
      connected: true,
      lastError: expect.stringContaining('403') as string,
    });
  });

  it('tells the figures of the day and whether the market is open', async () => {
    vendor.answers.set('/v2/stocks/snapshots', () => ({
      AAPL: {
        latestTrade: { t: '2026-11-27T15:51:40.1Z', x: 'V', p: 271.5, s: 100, c: ['@'], i: 9, z: 'C' },
        latestQuote: { t: '2026-11-27T15:51:41Z', bp: 271.4, bs: 100, ap: 271.6, as: 200 },
        dailyBar: { t: '2026-11-27T05:00:00Z', o: 270, h: 272, l: 269, c: 271.5, v: 12_000, n: 90, vw: 271 },
        prevDailyBar: { t: '2026-11-26T05:00:00Z', o: 1, h: 1, l: 1, c: 268.5, v: 1, n: 1, vw: 1 },
      },
      // The latest trade is an odd lot: the price is that of the newest minute, and no newer than its start.
      'BRK.B': {
        latestTrade: { t: '2026-11-27T15:51:42Z', x: 'V', p: 999, s: 1, c: ['@', 'I'], i: 3, z: 'B' },
        minuteBar: { t: '2026-11-27T15:50:00Z', o: 510, h: 510, l: 510, c: 510.2, v: 40, n: 1, vw: 510 },
      },
      MSFT: null,
    }));
    vendor.answers.set('/v2/clock', () => ({ timestamp: '2026-11-27T10:51:45-05:00', is_open: true }));
    await start();
    await until(
      'the vendor to have answered',
      () => sink.updates.length === 2 && feed.vendorWord.last !== null,
    );
    expect(vendor.asked.map(({ pathname }) => pathname).sort()).toEqual([
      '/v2/clock',
      '/v2/stocks/snapshots',
    ]);
    expect(vendor.asked.find(({ search }) => search !== '')?.searchParams.get('feed')).toBe('iex');
    expect(vendor.keys).toEqual([LOGIN.key, LOGIN.key]);
    expect(sink.updates).toMatchObject([
      {
        kind: 'snapshot',
        symbol: 'AAPL',
        price: 271.5,
        tradedAt: Date.parse('2026-11-27T15:51:40.1Z'),
        session: { volume: 12_000, open: 270, high: 272, low: 269, previousClose: 268.5 },
        quote: { bid: 271.4, bidQuantity: 100, ask: 271.6, askQuantity: 200 },
      },
      { symbol: 'BRK.B', price: 510.2, quantity: null, tradedAt: Date.parse('2026-11-27T15:50:00Z') },
    ]);
    expect(feed.vendorWord.status(NOW, ['NYSE', 'NASDAQ', 'US'])).toMatchObject({ state: 'open' });
  });
});
