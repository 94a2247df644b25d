import type { BrokerLogin, Problem, TokenStatus } from '@tickbridge/contracts';
import type { OrchestratorProcess } from '../orchestrator-process';
import { ACCOUNT, ShareKhanFloor } from './sharekhan-floor';

const OTHER = 'MASTER_USER_002';

describe('28: the token ends in the session', () => {
  let sk: ShareKhanFloor;
  let service: OrchestratorProcess;

  beforeAll(async () => {
    sk = await ShareKhanFloor.open();
    service = await sk.start({}, { login: false });
  }, 120_000);

  afterAll(() => sk.close());

  const state = async (account = ACCOUNT) =>
    (await service.get<TokenStatus>(`accounts/${account}/token`)).state;
  const begin = (session: string, account = ACCOUNT) =>
    service.get<BrokerLogin>(`accounts/${account}/login?session=${session}`);
  const complete = async (body: object) => {
    const answer = await service.fetch('accounts/login', { method: 'POST', body: JSON.stringify(body) });
    return [answer.status, ((await answer.json()) as Problem).code];
  };

  it('holds orders of an account that nobody has logged in, and sends them when somebody has', async () => {
    expect(await state()).toBe('none');
    const held = await sk.place(service);
    expect(held).toMatchObject({ status: 'Initialized', heldReason: 'TOKEN_MISSING' });
    expect((await sk.logIn(service)).state).toMatch(/valid|expiring/);
    await sk.becomes(service, held, ({ status }) => status === 'Filled');
  });

  it('stops calling with a token the broker refused, says so, and resumes with a new one', async () => {
    await sk.broker.show({ kind: 'kill-tokens' });
    const first = await sk.place(service);
    expect(first).toMatchObject({ status: 'Submitted', heldReason: 'TOKEN_REJECTED' });
    expect(await state()).toBe('rejected');

    const { calls } = await sk.broker.status();
    const second = await sk.place(service);
    expect(second.heldReason).toBe('TOKEN_REJECTED');
    await sk.becomes(service, second, ({ heldReason }) => heldReason === 'TOKEN_REJECTED');
    expect((await sk.broker.status()).calls).toEqual(calls);
    const [account] = (await service.get<{ id: string; trading: { reason: string } }[]>('accounts')).filter(
      ({ id }) => id === ACCOUNT,
    );
    expect(account?.trading.reason).toContain('TOKEN_REJECTED');

    await sk.logIn(service);
    for (const order of [first, second]) {
      const filled = await sk.becomes(service, order, ({ status }) => status === 'Filled');
      expect(filled.heldReason).toBeNull();
    }
    expect(await sk.differences()).toEqual([]);
  });

  it('holds orders when the token has ended with its day', async () => {
    await sk.floor.rows(`update trading.broker_tokens set expires_at = now() where provider = 'sharekhan'`);
    expect(await state()).toBe('expired');
    const held = await sk.place(service);
    expect(held.heldReason).toBe('TOKEN_EXPIRED');
    await sk.logIn(service);
    await sk.becomes(service, held, ({ status }) => status === 'Filled');
  });

  it('completes a login once, and only in the session that began it', async () => {
    const { url } = await begin('mine');
    const back = await sk.broker.logIn(url);
    expect(await complete({ ...back, session: 'another' })).toEqual([400, 'LOGIN_STATE_INVALID']);
    expect(await complete({ ...back, state: '12345', session: 'mine' })).toEqual([
      400,
      'LOGIN_STATE_INVALID',
    ]);
    expect(await complete({ ...back, session: 'mine' })).toEqual([200, undefined]);
    expect(await complete({ ...back, session: 'mine' })).toEqual([409, 'LOGIN_STATE_USED']);
  });

  it('completes a login although the broker refused the old token while it was under way', async () => {
    const { url } = await begin('mine');
    await sk.broker.show({ kind: 'kill-tokens' });
    const held = await sk.place(service);
    await sk.becomes(service, held, ({ heldReason }) => heldReason === 'TOKEN_REJECTED');
    const back = await sk.broker.logIn(url);
    expect(await complete({ ...back, session: 'mine' })).toEqual([200, undefined]);
    await sk.becomes(service, held, ({ status }) => status === 'Filled');
  });

  it('refuses a request token that was altered, or used before', async () => {
    const back = await sk.broker.logIn((await begin('mine')).url);
    const altered = `${back.requestToken.startsWith('A') ? 'B' : 'A'}${back.requestToken.slice(1)}`;
    expect(await complete({ ...back, requestToken: altered, session: 'mine' })).toEqual([
      400,
      'REQUEST_TOKEN_INVALID',
    ]);
    const { requestToken } = await sk.broker.logIn((await begin('mine')).url);
    const paste = (body: object) =>
      service.fetch(`accounts/${ACCOUNT}/login`, { method: 'POST', body: JSON.stringify(body) });
    expect((await paste({ requestToken })).status).toBe(200);
    expect(await (await paste({ requestToken })).json()).toMatchObject({ code: 'REQUEST_TOKEN_REFUSED' });
  });

  it('never trades an account with the token of another', async () => {
    await sk.openAccount(service, OTHER);
    expect(await state(OTHER)).toBe('none');
    const mine = await sk.broker.report();
    const held = await sk.place(service, { accountId: OTHER });
    expect(held.heldReason).toBe('TOKEN_MISSING');

    await sk.logIn(service, OTHER, '111111');
    await sk.becomes(service, held, ({ status }) => status === 'Filled');
    expect(await sk.broker.report('111111')).toHaveLength(1);
    expect(await sk.broker.report()).toHaveLength(mine.length);

    // Somebody logs in as the wrong customer.
    const { url } = await begin('mine', OTHER);
    const back = await sk.broker.logIn(url, '987654');
    expect(await complete({ ...back, session: 'mine' })).toEqual([409, 'CUSTOMER_MISMATCH']);
  });

  it('offers no login for a paper account or one that does not exist', async () => {
    const refusal = async (id: string) =>
      ((await (await service.fetch(`accounts/${id}/login?session=mine`)).json()) as Problem).code;
    expect(await refusal('PAPER_TRADER_001')).toBe('NO_BROKER_LOGIN');
    expect(await refusal('NOBODY')).toBe('ACCOUNT_UNKNOWN');
  });
});
