import type { Account } from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import type { OrchestratorProcess } from '../orchestrator-process';
import { ACCOUNT, ShareKhanFloor } from './sharekhan-floor';

const STRATEGY = 'momentum-breakout';
const NEW_ACCOUNT = 'MASTER_USER_007';
const person = { by: 'mira', reason: 'a test' };

describe('42: a real account is armed, disarmed and armed again', () => {
  let sk: ShareKhanFloor;
  let service: OrchestratorProcess;

  const change = async (values: Partial<Account>, id = ACCOUNT) => {
    const body = JSON.stringify({ ...values, ...person });
    const answer = await service.fetch(`accounts/${id}`, { method: 'PATCH', body });
    if (!answer.ok) throw new Error(await answer.text());
  };
  const outcomes = (symbol: string, account: string) =>
    sk.floor.rows<{ outcome: string }>(
      `select o.outcome from trading.signal_outcomes o join trading.signals s on s.id = o.signal_id
       where s.symbol = $1 and o.account_id = $2 and s.strategy = $3`,
      [symbol, account, STRATEGY],
    );
  const decided = (symbol: string, outcome: string, account = ACCOUNT) =>
    waitFor(
      async () => {
        sk.floor.breakout(symbol);
        return (await outcomes(symbol, account)).some((row) => row.outcome === outcome);
      },
      { timeoutMs: 30_000 },
    );
  const heldOrder = (symbol: string) =>
    waitFor(
      async () => {
        sk.floor.breakout(symbol);
        const [order] = await sk.floor.rows<{ id: string }>(
          `select id from trading.orders where symbol = $1 and account_id = $2 and strategy = $3
           and held_reason is not null`,
          [symbol, ACCOUNT, STRATEGY],
        );
        return order;
      },
      { timeoutMs: 30_000 },
    );

  beforeAll(async () => {
    sk = await ShareKhanFloor.open();
    service = await sk.start();
    await change({ strategies: [STRATEGY] });
  }, 120_000);

  afterAll(() => sk.close());

  it('follows no strategy until a person chooses', async () => {
    await sk.openAccount(service, NEW_ACCOUNT);
    await sk.logIn(service, NEW_ACCOUNT, '222222');
    const opened = (await service.get<Account[]>('accounts')).find(({ id }) => id === NEW_ACCOUNT);
    expect(opened?.strategies).toEqual([]);
    await decided('INFY', 'strategy-not-followed', NEW_ACCOUNT);
    expect(await sk.broker.report('222222')).toEqual([]);
  }, 60_000);

  it('sends no held order of a strategy that the account does not follow any more', async () => {
    await sk.broker.show({ kind: 'kill-tokens' });
    const held = await heldOrder('RELIANCE');
    await change({ strategies: [] });
    await sk.logIn(service);
    const ended = await sk.becomes(service, held, ({ rejection }) => rejection !== null);
    expect(ended.rejection?.code).toBe('STRATEGY_NOT_FOLLOWED');
    await change({ strategies: [STRATEGY] });
  }, 60_000);

  it('sends no order that waited for the broker when it was disarmed', async () => {
    await sk.broker.show({ kind: 'kill-tokens' });
    const held = await sk.place(service, { symbol: 'ITC' });
    expect(held.heldReason).not.toBeNull();
    const before = (await sk.broker.report()).length;

    await change({ armed: false });
    await change({ armed: true });
    await sk.logIn(service);
    const ended = await sk.becomes(service, held, ({ status }) => status === 'Rejected');
    expect(ended.rejection?.code).toMatch(/^(ACCOUNT_NOT_ARMED|DECIDED_BEFORE_ARMING)$/);
    expect(await sk.broker.report()).toHaveLength(before);
  }, 60_000);

  it('ends what was decided while it was not armed, and sends none of it when it is armed', async () => {
    await change({ armed: false });
    const refused = await sk.place(service, { symbol: 'TCS' });
    expect(refused).toMatchObject({ status: 'Denied', rejection: { code: 'ACCOUNT_NOT_ARMED' } });
    await decided('TCS', 'account-not-armed');
    const before = await sk.broker.report();

    await change({ armed: true });
    // A later signal of another symbol is carried out: whatever waited would have gone before it.
    await decided('SBIN', 'ordered');
    const sent = (await sk.broker.report()).slice(before.length);
    expect(sent.map(({ tradingSymbol }) => tradingSymbol)).not.toContain('TCS');
  }, 60_000);
});
