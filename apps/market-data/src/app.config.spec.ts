import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError } from '@tickbridge/service-bootstrap';
import { readConfig } from './app.config';

describe('configuration', () => {
  const directory = mkdtempSync(join(tmpdir(), 'config-'));
  const base = { DATA_DIR: directory, INTERNAL_API_KEY: 'a-key-for-the-tests' };
  const problemsOf = (environment: Record<string, string>) => {
    try {
      readConfig({ ...base, ...environment });
      return [];
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      // An entry of a list has its place behind the name.
      return error.problems.map(({ variable }) => variable.split('.')[0]).sort();
    }
  };

  afterAll(() => rmSync(directory, { recursive: true }));

  it('runs the simulated feed of 175 symbols when nothing is set', () => {
    const { feeds, port } = readConfig(base);
    const [feed] = feeds;
    expect(port).toBe(8_001);
    expect(feed).toMatchObject({ name: 'simulator', url: 'ws://127.0.0.1:8084', user: 'simulator' });
    expect(feed?.symbols).toHaveLength(175);
  });

  it.each<[string, Record<string, string>, string[]]>([
    ['a login for TrueData', { FEED: 'truedata' }, ['TRUEDATA_PASSWORD', 'TRUEDATA_USER']],
    ['files for a replay', { FEED: 'replay' }, ['REPLAY_FILE']],
    ['files that exist', { FEED: 'replay', REPLAY_FILE: '/nowhere/a.gz' }, ['REPLAY_FILE']],
    ['a speed above zero', { REPLAY_SPEED: '-1' }, ['REPLAY_SPEED']],
    ['a known feed', { FEED: 'bloomberg' }, ['FEED']],
    [
      'everything at once',
      { FEED: 'truedata', TRUEDATA_URL: 'http://x', MARKET_DATA_PORT: '99999' },
      ['MARKET_DATA_PORT', 'TRUEDATA_PASSWORD', 'TRUEDATA_URL', 'TRUEDATA_USER'],
    ],
  ])('asks for %s by the names of the variables', (_, environment, expected) => {
    expect(problemsOf(environment)).toEqual(expected);
  });

  it('reads the lists and the speed of a replay', () => {
    const file = join(directory, 'recording');
    writeFileSync(file, '');
    const { feeds } = readConfig({
      ...base,
      FEED: 'replay',
      REPLAY_FILE: `${file}, ${file}`,
      REPLAY_SPEED: 'max',
      FEED_SYMBOLS: 'btcusdt, ETHUSDT,btcusdt',
    });
    expect(feeds).toEqual([
      { name: 'replay', files: [file, file], speed: 'max', symbols: ['BTCUSDT', 'ETHUSDT'] },
    ]);
  });

  it('takes symbols under any of their names', () => {
    const indian = readConfig({ ...base, FEED_SYMBOLS: 'nifty, NIFTY50, NIFTY-I, bse:reliance, indiavix' });
    expect(indian.feeds[0]?.symbols).toEqual(['NIFTY 50', 'NIFTY-I', 'RELIANCE_BSE', 'INDIA VIX']);
    const crypto = readConfig({ ...base, FEED: 'binance', FEED_SYMBOLS: 'btc/usdt,BTC-USDT,ethusdt' });
    expect(crypto.feeds[0]?.symbols).toEqual(['BTCUSDT', 'ETHUSDT']);
  });

  it('gives each symbol to the feed that can have it, and a feed that is not named its own list', () => {
    const both = { ...base, FEED: 'binance,simulator' };
    const { feeds } = readConfig({ ...both, FEED_SYMBOLS: 'RELIANCE,btc/usdt,NIFTY' });
    expect(feeds).toMatchObject([
      { name: 'binance', symbols: ['BTCUSDT'] },
      { name: 'simulator', symbols: ['RELIANCE', 'NIFTY 50'] },
    ]);
    expect(readConfig({ ...both, FEED_SYMBOLS: 'RELIANCE' }).feeds[0]?.symbols).toHaveLength(10);
  });

  it('says which entries fit no feed, and prints none', () => {
    expect(() => readConfig({ ...base, FEED: 'binance', FEED_SYMBOLS: 'BTCUSDT,ITC,TCS' })).toThrow(
      'FEED_SYMBOLS: entries 2, 3 of 3: no symbol of binance',
    );
  });

  it.each([
    ['simulator', 'RELIANCE,BTCUSDT'],
    ['binance', 'BTCUSDT,RELIANCE'],
  ])('refuses symbols that no feed of FEED=%s can have', (FEED, FEED_SYMBOLS) => {
    expect(problemsOf({ FEED, FEED_SYMBOLS })).toEqual(['FEED_SYMBOLS']);
  });

  it('gives the login to no history host but the one of the feed', () => {
    const login = { ...base, FEED: 'truedata', TRUEDATA_USER: 'u', TRUEDATA_PASSWORD: 'p' };
    expect(readConfig(login).feeds).toMatchObject([{ history: { authUrl: 'https://auth.truedata.in' } }]);
    expect(readConfig({ ...login, TRUEDATA_URL: 'ws://127.0.0.1:9' }).feeds).toMatchObject([
      { history: null },
    ]);
  });
});
