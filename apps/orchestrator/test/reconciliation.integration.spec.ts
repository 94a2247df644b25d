import type { Account } from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import { TradingFloor } from './trading-floor';

describe('the start of an account', () => {
  let floor: TradingFloor;

  beforeAll(async () => {
    floor = await TradingFloor.open();
    floor.price('RELIANCE', 100);
  }, 60_000);

  afterAll(() => floor.close());

  it('is refused, by name and figures, while the ledger and the broker hold different things', async () => {
    const first = await floor.start();
    const account = async (service = first) => (await service.get<Account[]>('accounts'))[0] as Account;
    await waitFor(async () => (await account()).trading.state === 'trading');
    floor.breakout('RELIANCE');
    await waitFor(async () => (await floor.rows(`select 1 from trading.fills`)).length > 0);
    await first.stop();
    const [fill] = await floor.rows<{ quantity: number }>('select quantity from trading.paper_trades');
    // Somebody traded past the platform.
    await floor.rows('update trading.paper_trades set quantity = quantity + 1');

    const second = await floor.start();
    const blocked = await waitFor(async () => {
      const { trading } = await account(second);
      return trading.state === 'blocked' && trading.reason?.includes('HOLDINGS_DIFFER') && trading;
    });
    expect(blocked.reason).toContain(
      `RELIANCE: ${fill?.quantity} in the ledger, ${(fill?.quantity ?? 0) + 1} at the broker`,
    );
    floor.breakout('TCS');
    await waitFor(
      async () => (await floor.rows(`select 1 from trading.signals where symbol = 'TCS'`)).length > 0,
    );
    const refused = await second.fetch('orders', {
      method: 'POST',
      body: JSON.stringify({
        requestId: '3b1f8a52-6f1c-4a53-9d3c-0d8d6e1f9a03',
        accountId: 'PAPER_TRADER_001',
        symbol: 'TCS',
        side: 'BUY',
        type: 'MARKET',
        quantity: 1,
        by: 'mira',
        reason: 'a test',
      }),
    });
    expect(await refused.json()).toMatchObject({ code: 'ACCOUNT_BLOCKED' });
    // Two further comparisons have found the same difference meanwhile.
    const since = Date.now();
    await waitFor(async () => Date.now() - since > 4_500, { timeoutMs: 10_000 });
    expect(await floor.rows(`select 1 from trading.orders where symbol = 'TCS'`)).toEqual([]);

    // Once the books agree it goes on by itself, and finishes the signal that is still young.
    await floor.rows('update trading.paper_trades set quantity = quantity - 1');
    await waitFor(async () => (await account(second)).trading.state === 'trading', { timeoutMs: 15_000 });
    await waitFor(
      async () =>
        (await floor.rows(`select 1 from trading.orders where symbol = 'TCS' and status = 'Filled'`))
          .length === 1,
      { timeoutMs: 15_000 },
    );
  }, 90_000);
});
