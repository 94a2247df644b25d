import { AlpacaVendor, LOGIN } from '../../testing/alpaca-vendor';
import { AlpacaHistory } from './alpaca.history';

const MINUTE_MS = 60_000;
const NOON = Date.parse('2026-11-27T17:00:30Z');
const bar = (minutesAgo: number) => ({
  t: new Date(Math.floor(NOON / MINUTE_MS) * MINUTE_MS - minutesAgo * MINUTE_MS)
    .toISOString()
    .replace('.000', ''),
  o: 271.1,
  h: 271.9,
  l: 271,
  c: 271.5,
  v: 1_200,
  n: 12,
  vw: 271.4,
});

describe('history at Alpaca', () => {
  let vendor: AlpacaVendor;
  let history: AlpacaHistory;

  beforeEach(async () => {
    vendor = new AlpacaVendor();
    const { restUrl } = await vendor.listen();
    history = new AlpacaHistory({ ...LOGIN, restUrl, feed: 'iex' });
  });

  afterEach(() => vendor.close());

  it('comes page by page, newest first, and is told oldest first without the running minute', async () => {
    vendor.answers.set('/v2/stocks/bars', (query) => {
      const page = Number(query.get('page_token') ?? 0);
      const bars = [[bar(0), bar(1)], [], [bar(2), bar(5)]][page];
      return { bars: { AAPL: bars }, next_page_token: page === 2 ? null : String(page + 1) };
    });
    const minutes = await history.minutes('AAPL', 10, NOON);
    const noon = Math.floor(NOON / MINUTE_MS) * MINUTE_MS;
    expect(minutes.map(({ openTime }) => (noon - openTime) / MINUTE_MS)).toEqual([5, 2, 1]);
    expect(minutes[0]).toMatchObject({
      open: 271.1,
      high: 271.9,
      low: 271,
      close: 271.5,
      volume: 1_200,
      trades: 12,
    });
    expect(vendor.asked).toHaveLength(3);
    const query = Object.fromEntries(vendor.asked[0]?.searchParams ?? []);
    expect(query).toMatchObject({
      symbols: 'AAPL',
      timeframe: '1Min',
      limit: '10',
      sort: 'desc',
      feed: 'iex',
    });
    expect(Date.parse(query.start ?? '')).toBeLessThan(NOON - 4 * 24 * 3_600_000);
  });

  it('ends where the vendor has no more than was asked for, or nothing', async () => {
    vendor.answers.set('/v2/stocks/bars', () => ({
      bars: { AAPL: [bar(1), bar(2)] },
      next_page_token: 'more',
    }));
    expect(await history.minutes('AAPL', 2, NOON)).toHaveLength(2);
    expect(vendor.asked).toHaveLength(1);
    vendor.answers.set('/v2/stocks/bars', () => ({ bars: null, next_page_token: null }));
    expect(await history.minutes('AAPL', 2, NOON)).toEqual([]);
  });

  it('fails without telling the login', async () => {
    const failure = await history.minutes('AAPL', 2, NOON).catch((error: Error) => error.message);
    expect(failure).toContain('/v2/stocks/bars answered with status 404');
    expect(failure).not.toContain(LOGIN.secret);
    vendor.answers.set('/v2/stocks/bars', () => ({ bars: { AAPL: [{ t: 1 }] } }));
    await expect(history.minutes('AAPL', 2, NOON)).rejects.toThrow();
  });
});
