import { join } from 'node:path';
import type { Account, FeedsStatus, Overview, Regime } from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, openPage, screenshot, seen, signIn } from './browser';
import { Platform, RECORDED } from './platform';

const RECORDINGS = ['btcusdt', 'ethusdt'].map((pair) =>
  join(RECORDED, `binance_spot_ws/${pair}_20240808.gz`),
);

/** One start with NSE's shares, crypto and US shares, all of them from the simulator. */
describe('shares of two countries and coins at once', () => {
  let platform: Platform;
  let browser: Browser;
  let page: Page;

  const overview = async (query = '') =>
    (await platform.get<Overview>('dashboard', `/api/v1/market/overview${query}`)).body;

  beforeAll(async () => {
    platform = await Platform.prepare({ FEED: 'simulator,binance,alpaca' });
    const vendor = `127.0.0.1:${platform.ports['feed-simulator']}`;
    platform.configure({
      FEED_SYMBOLS: 'RELIANCE,nifty,TCS,btc/usdt,eth/usdt,AAPL,NASDAQ:MSFT,SPY',
      SIMULATOR_BINANCE_FILES: RECORDINGS.join(','),
      BINANCE_WS_URL: `ws://${vendor}`,
      BINANCE_REST_URL: `http://${vendor}`,
      ALPACA_URL: `ws://${vendor}/v2/iex`,
      ALPACA_REST_URL: `http://${vendor}`,
      ALPACA_TRADING_URL: `http://${vendor}`,
      ALPACA_KEY: 'simulated-key',
      ALPACA_SECRET: 'simulated-secret',
    });
    await platform.start();
    browser = await openBrowser();
    page = await openPage(browser);
    await signIn(page, platform, platform.password);
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await platform?.dispose();
  });

  it('each feed delivers what it lists, and says that its prices are not real', async () => {
    const { feeds } = await waitFor(
      async () => {
        const { body } = await platform.get<FeedsStatus>('market-data', '/api/v1/feed/status');
        return body.feeds.every(({ dataFlowing }) => dataFlowing) ? body : undefined;
      },
      { timeoutMs: 30_000 },
    );
    expect(feeds).toMatchObject([
      { feed: 'simulator', simulated: true, symbolsActive: 3, symbolsRefused: [] },
      { feed: 'binance', simulated: true, symbolsActive: 2, symbolsRefused: [] },
      { feed: 'alpaca', simulated: true, symbolsActive: 3, symbolsRefused: [], missedTrades: 0 },
    ]);
  });

  it('turnover is by currency, and what cannot be compared is not mixed', async () => {
    const whole = await waitFor(async () => {
      const answer = await overview();
      return answer.groups.length === 3 && answer.turnover.length >= 2 ? answer : undefined;
    });
    expect(whole.groups.map(({ assetClass, currency, symbols }) => [assetClass, currency, symbols])).toEqual([
      ['stock', 'USD', 3],
      ['stock', 'INR', 2],
      ['crypto', 'USDT', 2],
    ]);
    expect(whole).toMatchObject({ advances: null, medianChangePercent: null, symbolCount: 8 });
    const american = await overview('?assetClass=stock&feed=alpaca');
    expect(american.turnover.map(({ currency }) => currency)).toEqual(['USD']);
    expect((american.advances ?? 0) + (american.declines ?? 0)).toBeGreaterThan(0);
    const { body: regime } = await platform.get<Regime>('dashboard', '/api/v1/market/regime');
    expect(regime).toMatchObject({ regime: null, medianChangePercent: null });
    expect(regime.groups).toHaveLength(3);
  });

  it('each currency has a paper account of its own', async () => {
    const { body } = await platform.get<Account[]>('orchestrator', '/api/v1/accounts');
    expect(body.map(({ feed, currency }) => [feed, currency])).toEqual([
      ['simulator', 'INR'],
      ['binance', 'USDT'],
      ['alpaca', 'USD'],
    ]);
  });

  it('people choose the market they look at, on a desk and on a phone', async () => {
    const choice = page
      .getByLabel('Market', { exact: true })
      .locator('visible=true')
      .and(page.locator('select'));
    await seen(choice);
    expect(await choice.locator('option').allTextContents()).toEqual([
      'Stocks · USD',
      'Stocks · INR',
      'Crypto · USDT',
    ]);
    const market = page.getByRole('region', { name: 'Market' });
    await choice.selectOption({ label: 'Stocks · INR' });
    await seen(market.getByRole('button', { name: /RELIANCE|TCS/ }).first());
    expect(await market.getByRole('button', { name: /AAPL|MSFT|SPY/ }).count()).toBe(0);
    await choice.selectOption({ label: 'Stocks · USD' });
    await seen(market.getByRole('button', { name: /AAPL|MSFT|SPY/ }).first());
    await seen(market.locator('dd').filter({ hasText: / USD/ }));
    for (const [device, width, height] of [
      ['phone', 390, 844],
      ['desk', 1_440, 900],
    ] as const) {
      await page.setViewportSize({ width, height });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      await screenshot(page, `several-markets-${device}`);
    }
  });
});
