import { randomUUID } from 'node:crypto';
import type { Order, TokenStatus } from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, openPage, screenshot, signIn } from './browser';
import { Platform, type ServiceName } from './platform';

const ACCOUNT = 'MASTER_USER_001';
const SECRET_KEY = '0123456789abcdef0123456789abcdef';
const SERVICES: readonly ServiceName[] = ['orchestrator', 'dashboard', 'risk-manager', 'market-data'];

describe('the daily login at the broker, in a browser', () => {
  let platform: Platform;
  let browser: Browser;
  let page: Page;
  /** Request tokens that went through the address bar. */
  const seen: string[] = [];

  beforeAll(async () => {
    platform = await Platform.prepare({
      SHAREKHAN_API_KEY: 'simulated-api-key',
      SHAREKHAN_SECRET_KEY: SECRET_KEY,
    });
    // Another site than the dashboard's, as the real one is.
    platform.configure({ SHAREKHAN_URL: `http://localhost:${platform.ports['feed-simulator']}` });
    await platform.start();
    browser = await openBrowser();
    page = await openPage(browser);
    page.on('request', (request) => {
      const token = new URL(request.url()).searchParams.get('request_token');
      if (token) seen.push(token);
    });
    const person = { by: 'mira', reason: 'a test' };
    // It follows no strategy: every order is the test's own.
    await call('POST', '/api/v1/accounts', {
      id: ACCOUNT,
      broker: 'sharekhan',
      feed: 'simulator',
      capital: '1000000',
      strategies: [],
      ...person,
    });
    await signIn(page, platform, platform.password);
    await accounts().getByRole('button', { name: 'Arm', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: `Arm ${ACCOUNT}` });
    await dialog.getByLabel(/^Reason/).fill('rehearsed for a week');
    await dialog.getByRole('button', { name: 'Arm it' }).click();
    await accounts().getByText('armed', { exact: true }).waitFor();
  });

  afterAll(async () => {
    await browser?.close();
    await platform?.dispose();
  });

  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await platform.call<T>('orchestrator', method, path, body);
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const state = async () => (await call<TokenStatus>('GET', `/api/v1/accounts/${ACCOUNT}/token`)).state;
  const prompt = () => page.getByLabel('Broker logins needed');
  const accounts = () => page.getByRole('region', { name: 'Accounts' });
  const logInAtTheBroker = async () => {
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.waitForURL(platform.url('dashboard', '/'));
    await accounts()
      .getByText(/logged in|expiring/)
      .waitFor();
  };

  it('is asked for, leads to the broker and back, and takes effect at once', async () => {
    await prompt().getByText('nobody has logged it in today').waitFor();
    await prompt().getByRole('button', { name: 'Log in' }).click();
    await page.getByText('ShareKhan, simulated').waitFor();
    await logInAtTheBroker();
    expect(await state()).toMatch(/valid|expiring/);
    await screenshot(page, 'accounts-desk');
  });

  it('is asked for again when the broker refuses the token, and sends what was held meanwhile', async () => {
    for (const kind of ['kill-tokens', 'drop-streams']) {
      await platform.call('feed-simulator', 'POST', '/api/v1/simulator/sharekhan/faults', { kind });
    }
    await waitFor(async () => (await state()) === 'rejected', { timeoutMs: 20_000 });
    const held = await call<Order>('POST', '/api/v1/orders', {
      requestId: randomUUID(),
      accountId: ACCOUNT,
      symbol: 'RELIANCE',
      side: 'BUY',
      type: 'MARKET',
      quantity: 1,
      by: 'mira',
      reason: 'a test',
    });
    expect(held.heldReason).toBe('TOKEN_REJECTED');

    await page.setViewportSize({ width: 390, height: 844 });
    await prompt().getByText('the broker refused its token').waitFor();
    await page.getByRole('button', { name: 'System' }).click();
    await accounts().getByText('rejected', { exact: true }).waitFor();
    await screenshot(page, 'accounts-phone');
    await accounts().getByRole('button', { name: 'Log in' }).click();
    // The broker's own page has a button of that name too.
    await page.getByText('ShareKhan, simulated').waitFor();
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.waitForURL(platform.url('dashboard', '/'));
    // Whether the risk rules let it pass at this hour is not the matter here.
    await waitFor(
      async () => {
        const { heldReason, status } = await call<Order>('GET', `/api/v1/orders/${held.id}`);
        return heldReason === null && ['Filled', 'Denied', 'Rejected'].includes(status);
      },
      { timeoutMs: 20_000 },
    );
  });

  it('cannot be completed with an address that somebody else made up', async () => {
    await page.goto(
      platform.url('dashboard', '/broker-login?state=12345&request_token=abcdefghijklmnopqrst'),
    );
    await page.getByRole('alert').getByText('not begun in this session').waitFor();
    expect(page.url()).toBe(platform.url('dashboard', '/broker-login'));
  });

  it('leaves no secret in any log', async () => {
    expect(seen.length).toBeGreaterThanOrEqual(2);
    for (const service of SERVICES) {
      const log = await platform.log(service);
      for (const secret of [SECRET_KEY, ...seen]) expect(log).not.toContain(secret);
    }
  });
});
