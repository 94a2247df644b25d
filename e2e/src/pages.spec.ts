import type { Order, Position, StrategyStatus } from '@tickbridge/contracts';
import { readFileSync } from 'node:fs';
import { waitFor } from '@tickbridge/shared-cache/testing';
import { TOTP } from 'otpauth';
import type { Browser, Locator, Page } from 'playwright-core';
import { fillSignIn, openBrowser, openPage, screenshot, signIn } from './browser';
import { Platform } from './platform';

const SYMBOL = 'RELIANCE';
const BRACKETED = 'TCS';

describe('the pages beside the desk', () => {
  let platform: Platform;
  let browser: Browser;
  let page: Page;

  const go = (name: string) => page.goto(platform.url('dashboard', `/#/${name}`));
  const panel = (name: string): Locator => page.getByRole('region', { name });
  const strategy = async () => {
    const { body } = await platform.get<StrategyStatus[]>('orchestrator', '/api/v1/strategies');
    return body.find(({ id }) => id === 'momentum-breakout') as StrategyStatus;
  };
  const orders = async () =>
    (await platform.get<Order[]>('orchestrator', `/api/v1/orders?symbol=${SYMBOL}`)).body;

  /** Nothing on the page is wider than the window, on a desk and on a phone. */
  const fits = async (name: string) => {
    for (const [device, width, height] of [
      ['phone', 390, 844],
      ['desk', 1_440, 900],
    ] as const) {
      await page.setViewportSize({ width, height });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      await screenshot(page, `${name}-${device}`);
    }
  };

  beforeAll(async () => {
    platform = await Platform.start();
    browser = await openBrowser();
    page = await openPage(browser);
    await signIn(page, platform, platform.password);
    await page.waitForSelector('.desk');
  });

  afterAll(async () => {
    await browser?.close();
    await platform?.dispose();
  });

  it('switch strategies off, say what does not fit, and change parameters and exits', async () => {
    await go('strategies');
    for (const name of ['Mean reversion', 'Opening range breakout', 'Momentum breakout']) {
      await panel(name).getByRole('button', { name: 'Switch off' }).click();
      await panel(name).getByRole('button', { name: 'Switch on' }).waitFor();
    }
    const momentum = panel('Momentum breakout');
    await momentum.getByLabel('Lookback bars').fill('-3');
    await momentum.getByRole('button', { name: 'Save parameters' }).click();
    await momentum.locator('.field--refused').getByText('Too small').waitFor();
    expect((await strategy()).parameters['lookbackBars']).toBe(5);

    await momentum.getByLabel('Lookback bars').fill('7');
    await momentum.getByRole('button', { name: 'Save parameters' }).click();
    await waitFor(async () => (await strategy()).parameters['lookbackBars'] === 7);
    await momentum.getByLabel('Timeframe').selectOption('15m');
    await momentum.getByLabel('Least edge').fill('3');
    await momentum.getByRole('button', { name: 'Save entries' }).click();
    await waitFor(async () => (await strategy()).timeframe === '15m');
    expect((await strategy()).leastEdge).toBe(3);
    await momentum.getByLabel('Trailing stop').first().selectOption('percent');
    await momentum.getByLabel('Trailing stop: percent').fill('1.5');
    await momentum.getByLabel('Re-entries a day').fill('2');
    await momentum.getByRole('button', { name: 'Save exits' }).click();
    await waitFor(async () => (await strategy()).exits.maxReentriesPerDay === 2);
    expect(await strategy()).toMatchObject({
      enabled: false,
      exits: { trailingStop: { kind: 'percent', percent: 1.5 }, maxReentriesPerDay: 2 },
    });
    await fits('strategies');
  });

  it('place an order of the person who is signed in, change it, and cancel it', async () => {
    await go('orders');
    const form = panel('New order');
    await form.getByLabel('Symbol').fill(SYMBOL);
    const last = await form.getByText(/^last [\d,.]+$/).textContent();
    await form.getByRole('button', { name: 'Limit', exact: true }).click();
    await form.getByLabel('Quantity').fill('5');
    const limit = Math.floor(Number(last?.replace(/[^\d.]/g, '')) * 0.985);
    await form.getByLabel('Limit price').fill(String(limit));
    await form.getByLabel(/^Reason/).fill('a test');
    await form.getByRole('button', { name: `Buy ${SYMBOL}` }).click();
    await form.getByRole('status').getByText('Accepted').waitFor();

    await page.getByRole('button', { name: 'Change', exact: true }).click();
    const change = page.getByRole('dialog', { name: 'Change an order' });
    await change.getByLabel('Quantity').fill('4');
    await change.getByLabel(/^Reason/).fill('a smaller test');
    await change.getByRole('button', { name: 'Change the order' }).click();
    await change.waitFor({ state: 'detached' });
    expect(await orders()).toMatchObject([{ quantity: 4, limitPrice: limit, status: 'Accepted' }]);

    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    const cancel = page.getByRole('dialog', { name: 'Cancel an order' });
    await cancel.getByLabel(/^Reason/).fill('the test is over');
    await cancel.getByRole('button', { name: 'Cancel the order' }).click();
    await cancel.waitFor({ state: 'detached' });
    expect(await orders()).toMatchObject([{ status: 'Canceled' }]);

    await fits('orders');
  });

  it('place one order for two clicks, empty the form, and ask before the same order again', async () => {
    await go('orders');
    await page.setViewportSize({ width: 1_440, height: 900 });
    const form = panel('New order');
    const placed = async () => (await orders()).filter(({ type }) => type === 'MARKET');
    const fill = async () => {
      await form.getByRole('button', { name: 'Market', exact: true }).click();
      await form.getByLabel('Symbol').fill(SYMBOL);
      await form.getByLabel('Quantity').fill('5');
      await form.getByLabel(/^Reason/).fill('twice');
    };
    await fill();
    const button = form.getByRole('button', { name: `Buy ${SYMBOL}` });
    const box = await button.boundingBox();
    if (box === null) throw new Error('the button is not in sight');
    const click = () => page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await click();
    // What is tested is this very pause between two clicks.
    await page.waitForTimeout(180);
    await click();
    await form.getByRole('status').getByText('Filled').waitFor();
    expect(await placed()).toMatchObject([{ status: 'Filled', strategy: 'manual', quantity: 5 }]);
    expect(await form.getByLabel('Quantity').inputValue()).toBe('');

    await fill();
    await button.click();
    await form.getByText(/^You placed the same order \d+ s ago. Place it again\?$/).waitFor();
    expect(await placed()).toHaveLength(1);
    await form.getByRole('button', { name: 'Place it again' }).click();
    await form.getByRole('status').getByText('Filled').waitFor();
    expect(await placed()).toHaveLength(2);
  });

  it('ask before a stop that is reached already, and place it as what it would be at once', async () => {
    await go('orders');
    const form = panel('New order');
    await form.getByRole('button', { name: 'Stop', exact: true }).click();
    await form.getByRole('button', { name: 'SELL', exact: true }).click();
    await form.getByLabel('Symbol').fill(SYMBOL);
    await form.getByLabel('Quantity').fill('1');
    await form.getByLabel('Trigger price').fill('100000');
    await form.getByLabel(/^Reason/).fill('on the wrong side');
    await form.getByRole('button', { name: `Sell ${SYMBOL}` }).click();
    await form.getByText(/^The trigger 100000 is reached already .* Place it as that\?$/).waitFor();
    await form.getByRole('button', { name: 'Place it at once' }).click();
    await form.getByRole('status').getByText('Filled').waitFor();
    expect((await orders())[0]).toMatchObject({ side: 'SELL', type: 'MARKET', triggerPrice: null });
  });

  it('book a deposit once, and give the books as files', async () => {
    await go('portfolio');
    await page.getByRole('button', { name: 'Deposit or withdraw' }).click();
    const dialog = page.getByRole('dialog', { name: 'Deposit or withdrawal' });
    await dialog.getByLabel(/^Amount/).fill('1e5');
    await dialog.getByLabel(/^Reason/).fill('more capital');
    await dialog.getByRole('button', { name: 'Book it' }).click();
    await dialog
      .locator('.field--refused')
      .getByText(/plain decimal number/)
      .waitFor();
    await dialog.getByLabel(/^Amount/).fill('25000.50');
    await screenshot(page, 'deposit-desk');
    await dialog.getByRole('button', { name: 'Book it' }).dblclick();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('Paid in', { exact: true }).waitFor();
    const files = panel('Journal');
    for (const [part, line] of [
      ['trades', /^day,.*\r\n(.+\r\n)*.*RELIANCE,.*,manual,.*\r\n(.+\r\n)*$/],
      ['cash', /^day,.*\r\n[^\n]*deposit,25000\.5,INR[^\n]*\r\n$/],
    ] as const) {
      await files.getByLabel('What').selectOption(part);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        files.getByRole('link', { name: 'Download CSV' }).click(),
      ]);
      expect(download.suggestedFilename()).toMatch(new RegExp(`-${part}\\.csv$`));
      expect(readFileSync(await download.path(), 'utf8')).toMatch(line);
    }
  });

  it('show what an account holds, its curve and its days, and check the books', async () => {
    await go('portfolio');
    await panel('By strategy').getByRole('cell', { name: 'manual' }).waitFor();
    await panel('Equity').getByRole('img', { name: 'Equity curve and drawdown' }).waitFor();
    await panel('Trading days').getByText('open', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Check the books' }).click();
    await page.getByText(/^agrees with \d+ fills$/).waitFor();
    await fits('portfolio');
  });

  it('place an entry with stop and target, show them by order and position, and change them', async () => {
    await go('orders');
    const form = panel('New order');
    const own = panel('Own positions');
    const fill = async (exits: Record<string, string>) => {
      await form.getByLabel('Symbol').fill(BRACKETED);
      await form.getByLabel('Quantity').fill('5');
      await form.getByLabel(/^Reason/).fill('a bracket');
      for (const [label, price] of Object.entries(exits)) await form.getByLabel(label).fill(price);
    };
    await form.getByRole('button', { name: 'Market', exact: true }).click();
    await fill({});
    const last = Number((await form.getByText(/^last [\d,.]+$/).textContent())?.replace(/[^\d.]/g, ''));
    const near = (percent: number) => String(Math.round((last * (100 + percent)) / 100));
    const buy = form.getByRole('button', { name: `Buy ${BRACKETED}` });
    await fill({ 'Stop loss': 'abc' });
    await form.getByText('a price, or nothing').waitFor();
    expect(await buy.isDisabled()).toBe(true);
    await fill({ 'Stop loss': near(20), 'Take profit': near(40) });
    await buy.click();
    await form.getByText(/^stopLoss .* must lie below/).waitFor();
    await fill({ 'Stop loss': near(-20), 'Take profit': near(40) });
    await buy.click();
    await form.getByRole('status').getByText('Filled').waitFor();
    await panel('Orders')
      .getByText(/^stop .* · target /)
      .waitFor();

    await own.getByRole('row', { name: BRACKETED }).getByRole('button', { name: 'Exits' }).click();
    const dialog = page.getByRole('dialog', { name: 'Stop and target' });
    await dialog.getByLabel('Stop loss').fill(near(-25));
    await dialog.getByLabel('Take profit').fill('');
    await dialog.getByLabel(/^Reason/).fill('let it run');
    await dialog.getByRole('button', { name: 'Set stop and target' }).click();
    await dialog.waitFor({ state: 'detached' });
    const { body } = await platform.get<Position[]>('orchestrator', '/api/v1/positions');
    expect(
      body.filter(({ symbol, strategy }) => symbol === BRACKETED && strategy === 'manual'),
    ).toMatchObject([{ quantity: 5, stopLoss: Number(near(-25)), takeProfit: null }]);
    // What is changed with the position is changed with its entry.
    await panel('Orders')
      .getByText(new RegExp(`^stop ${near(-25).replace(/(?=...$)/, ',')}.00$`))
      .waitFor();
    await fill({});
    await form.getByRole('button', { name: 'SELL', exact: true }).click();
    await form.getByLabel('Quantity').fill('2');
    await form.getByRole('button', { name: `Sell ${BRACKETED}` }).click();
    await panel('Orders')
      .getByRole('row')
      .filter({ hasText: BRACKETED })
      .getByText('same position')
      .waitFor();
    await form.getByRole('button', { name: 'BUY', exact: true }).click();
    await fits('orders-with-bracket');
  });

  it('run a backtest and show its figures and its curve', async () => {
    await go('backtests');
    const form = panel('New backtest');
    await form.getByLabel(/^Symbols/).fill(`${SYMBOL}, TCS, INFY`);
    const start = form.getByRole('button', { name: 'Start the backtest' });
    const result = page.getByRole('region', { name: /^Result/ });
    const curve = result.getByRole('img', { name: 'Equity curve of the backtest' });
    // The platform is young: its first candles may not be stored yet.
    await waitFor(
      async () => {
        await start.click();
        await result.getByText(/Profit factor|NO_BARS/).waitFor();
        return (await curve.count()) === 1;
      },
      { timeoutMs: 40_000, everyMs: 2_000 },
    );
    expect(await result.getByText('Profit factor').count()).toBe(1);
    await fits('backtests');
    await form.getByLabel('Interval').selectOption('5m');
    const shorter = form.getByLabel(/^Timeframe/).locator('option:disabled');
    expect(await shorter.allTextContents()).toEqual(['5s', '1m']);
    const edge = form.getByLabel(/^Least edge/);
    await edge.fill('-1');
    await start.click();
    await form.locator('.field--refused', { hasText: 'Least edge' }).waitFor();
    await edge.fill('');
    await form.getByLabel('To (IST)').fill('2020-01-01T00:00');
    await start.click();
    await form.locator('.field--refused').first().waitFor();
  });

  it('let an admin make users and keys after a fresh proof, and show it all in the audit log', async () => {
    await go('users');
    await panel('Users').getByLabel('Role of admin').waitFor();
    // As if the proof of the sign-in had grown old: the first try is refused as the dashboard refuses it then.
    const problem = {
      status: 403,
      code: 'CONFIRMATION_REQUIRED',
      detail: 'a fresh proof is needed',
      title: '',
      type: '',
    };
    await page.route('**/api/v1/users', (route) => route.fulfill({ status: 403, json: problem }), {
      times: 1,
    });
    await panel('Users').getByLabel('New user').fill('mira');
    await panel('Users').getByRole('button', { name: 'Add' }).click();
    const question = page.getByRole('dialog', { name: 'Is it you?' });
    await question.getByLabel('Password').fill('not the password');
    await question.getByRole('button', { name: 'Confirm' }).click();
    await question.getByText('is wrong').waitFor();
    await question.getByLabel('Password').fill(platform.password);
    await question.getByRole('button', { name: 'Confirm' }).click();
    await panel('Users').getByText('Password of mira, shown this once').waitFor();
    await panel('API keys').getByLabel('New key').fill('rebalancer');
    await panel('API keys').getByRole('button', { name: 'Make' }).click();
    const key = await panel('API keys').getByText(/^tbk_/).textContent();
    const answer = await fetch(platform.url('dashboard', '/api/v1/auth/me'), {
      headers: { authorization: `Bearer ${key ?? ''}` },
    });
    expect(await answer.json()).toMatchObject({ name: 'key:rebalancer', role: 'viewer' });
    await fits('users');

    await go('audit');
    await panel('Audit log').getByRole('button', { name: 'Verify' }).click();
    await panel('Audit log')
      .getByText(/rows, unbroken$/)
      .waitFor();
    for (const act of ['user.create', 'key.create', 'key.use', 'order.place', 'sign-in']) {
      await panel('Audit log').getByRole('cell', { name: act, exact: true }).first().waitFor();
    }
    await fits('audit');
  });

  it('set up a second factor, and ask for its code at the next sign-in', async () => {
    await go('account');
    await panel('Second factor').getByRole('button', { name: 'Set it up' }).click();
    await panel('Second factor')
      .getByAltText(/QR code/)
      .waitFor();
    const secret = (await panel('Second factor').locator('code').textContent()) ?? '';
    const code = (steps: number) => new TOTP({ secret }).generate({ timestamp: Date.now() + steps * 30_000 });
    await fits('account');
    await panel('Second factor').getByLabel('Then enter').fill(code(0));
    await panel('Second factor').getByRole('button', { name: 'Switch it on' }).click();
    await panel('Second factor').getByText('shown this once').waitFor();
    await panel('Sessions').getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL('**/sign-in');
    await fillSignIn(page, platform.password);
    await page.getByLabel(/^Code of/).fill(code(1));
    await page.getByRole('button', { name: /sign in/i }).click();
    await page.waitForSelector('.desk');
  });
});
