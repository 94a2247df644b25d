import type { FeedStatus, MarketDataAnswer, PipelineTrace, Tick } from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import { Platform } from './platform';
import { TrueDataServer } from './truedata-server';

describe('a TrueData server that is not the simulator', () => {
  let vendor: TrueDataServer;
  let platform: Platform;

  beforeAll(async () => {
    vendor = await TrueDataServer.start();
    platform = await Platform.start({
      FEED: 'truedata',
      FEED_SYMBOLS: 'RELIANCE,TCS,INFY',
      TRUEDATA_URL: vendor.url,
      TRUEDATA_USER: 'trader',
      TRUEDATA_PASSWORD: 'right',
    });
  });

  afterAll(async () => {
    await platform?.dispose();
    vendor?.stop();
  });

  const status = async () => (await platform.get<FeedStatus>('market-data', '/api/v1/feed/status')).body;
  const seenByDashboard = async (symbol: string) =>
    (await platform.get<MarketDataAnswer>('dashboard', '/api/v1/market-data')).body.data[symbol];

  it('is subscribed up to its limit, and the rest is reported', async () => {
    const now = await waitFor(async () => {
      const current = await status();
      return current.symbolsActive >= 2 && current;
    });
    expect(now).toMatchObject({ feed: 'truedata', simulated: false, connected: true, symbolsRequested: 3 });
    expect(vendor.subscribed).toEqual(['RELIANCE', 'TCS']);
    expect(now.symbolsRefused).toEqual([{ symbol: 'INFY', reason: expect.stringMatching(/2/) }]);
    expect(vendor.logins).toEqual(['trader']);
  });

  it('brings its trades to the dashboard as they were sent', async () => {
    vendor.trade('RELIANCE', 1_450.55, 7);
    const tick = await waitFor(async () => {
      const found = await seenByDashboard('RELIANCE');
      return found?.lastPrice === 1_450.55 && found;
    });
    expect(tick).toMatchObject({
      assetClass: 'stock',
      lastQuantity: 7,
      open: 100,
      high: 120,
      low: 90,
      previousClose: 99,
      bid: 1_450.5,
      bidQuantity: 50,
      ask: 1_450.6,
      askQuantity: 60,
      source: 'truedata',
    } satisfies Partial<Tick>);
  });

  it('is connected to again after it dropped the connection', async () => {
    vendor.drop();
    await waitFor(() => vendor.logins.length >= 2, { timeoutMs: 30_000 });
    await waitFor(async () => (await status()).connected);
    await waitFor(async () => {
      vendor.trade('TCS', 3_901.25, 1);
      return (await seenByDashboard('TCS'))?.lastPrice === 3_901.25;
    });
  });

  it('acts on the real connection when told to disconnect and to connect', async () => {
    const off = await platform.call<FeedStatus>('market-data', 'POST', '/api/v1/truedata/disconnect');
    expect(off.body).toMatchObject({ connected: false });
    const logins = vendor.logins.length;
    await platform.call('market-data', 'POST', '/api/v1/truedata/connect');
    await waitFor(() => vendor.logins.length === logins + 1);
    await waitFor(async () => (await status()).connected);
  });

  it('feeds the same strategies, or the trace says what holds them back', async () => {
    const trace = (await platform.get<PipelineTrace>('orchestrator', '/api/v1/pipeline/trace')).body;
    expect(trace.stages.find(({ stage }) => stage === 'replica')?.passed).toBeGreaterThan(0);
    expect(trace.diagnosis.length).toBeGreaterThan(10);
  });

  it('keeps the login out of logs', async () => {
    expect(await platform.log('market-data')).not.toContain('right');
  });
});

describe('a TrueData server that refuses the login', () => {
  it('is not asked in a loop, and the status says what to do', async () => {
    const vendor = await TrueDataServer.start();
    const platform = await Platform.start({
      FEED: 'truedata',
      FEED_SYMBOLS: 'RELIANCE',
      TRUEDATA_URL: vendor.url,
      TRUEDATA_USER: 'trader',
      TRUEDATA_PASSWORD: 'wrong-one',
    });
    try {
      const status = await waitFor(async () => {
        const { body } = await platform.get<FeedStatus>('market-data', '/api/v1/feed/status');
        return body.state === 'stopped' && body;
      });
      expect(status.lastError).toMatch(/Invalid User Credentials/);
      expect(status.lastError).toMatch(/TRUEDATA_/);
      expect(vendor.logins).toHaveLength(1);
      expect((await platform.get('market-data', '/api/v1/market-data/RELIANCE')).status).toBe(503);
    } finally {
      await platform.dispose();
      vendor.stop();
    }
  });
});
