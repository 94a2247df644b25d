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
    ['a key for Alpaca', { FEED: 'alpaca' }, ['ALPACA_KEY', 'ALPACA_SECRET']],
    [
      'an address of a feed that Alpaca has',
      { FEED: 'alpaca', ALPACA_KEY: 'k', ALPACA_SECRET: 's', ALPACA_URL: 'wss://stream.example/v2/otc' },
      ['ALPACA_URL'],
    ],
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
    expect(feeds).toEqual([{ name: 'replay', files: [file, file], speed: 'max', symbols: null }]);
  });

  it('leaves what a name stands for to the lists of instruments', () => {
    const config = readConfig({
      ...base,
      FEED: 'binance,simulator',
      FEED_SYMBOLS: 'RELIANCE,btc/usdt, SUSDT',
    });
    expect(config.symbols).toEqual(['RELIANCE', 'btc/usdt', 'SUSDT']);
    expect(config.feeds.map(({ symbols }) => symbols?.length)).toEqual([10, 175]);
    expect(readConfig(base).symbols).toBeUndefined();
  });

  it('gives the login to no history host but the one of the feed', () => {
    const login = { ...base, FEED: 'truedata', TRUEDATA_USER: 'u', TRUEDATA_PASSWORD: 'p' };
    expect(readConfig(login).feeds).toMatchObject([{ history: { authUrl: 'https://auth.truedata.in' } }]);
    expect(readConfig({ ...login, TRUEDATA_URL: 'ws://127.0.0.1:9' }).feeds).toMatchObject([
      { history: null, symbolsUrl: null },
    ]);
    expect(readConfig(login).feeds).toMatchObject([{ symbolsUrl: 'https://api.truedata.in' }]);
  });
});
