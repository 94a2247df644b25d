import type { BrokerStatement } from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import type { OrchestratorProcess } from '../orchestrator-process';
import { ACCOUNT, ShareKhanFloor } from './sharekhan-floor';

describe('what ShareKhan shows of a customer', () => {
  let sk: ShareKhanFloor;
  let service: OrchestratorProcess;

  const ask = (account = ACCOUNT) => service.fetch(`accounts/${account}/statement`);
  const callsOf = async (operation: string) => {
    const metrics = await (await service.fetch('../../metrics')).text();
    const lines = metrics.split('\n').filter((line) => line.startsWith('tickbridge_broker_calls_total{'));
    const own = lines.filter((line) => line.includes(`operation="${operation}"`));
    return own.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  };

  beforeAll(async () => {
    sk = await ShareKhanFloor.open();
    service = await sk.start({}, { login: false });
  }, 120_000);

  afterEach(() => sk.broker.show({ kind: 'clear' }));

  afterAll(() => sk.close());

  it('needs a login first', async () => {
    const answer = await ask();
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ code: 'TOKEN_MISSING' });
    await sk.logIn(service);
  });

  it('is refused with the reason while the broker does not answer, and asked again at once', async () => {
    // The platform reads the same report for itself now and then, and may be the one that is throttled.
    const answer = await waitFor(async () => {
      await sk.broker.show({ kind: 'answer', to: 'report', how: 'throttle' });
      const given = await ask();
      return given.status === 503 && given;
    });
    expect(await answer.json()).toMatchObject({ code: 'BROKER_THROTTLED' });
    await sk.broker.show({ kind: 'clear' });
  });

  it('is its positions, holdings and limits in its own words, and costs it three calls for all who look', async () => {
    const order = await sk.place(service, { quantity: 3 });
    await sk.becomes(service, order, ({ status }) => status === 'Filled');
    // An answer from before the fill may be kept for a while; twenty who ask never cost more than one call.
    const calls: number[] = [];
    const statement = await waitFor(async () => {
      const before = await callsOf('holdings');
      const answers = await Promise.all(Array.from({ length: 20 }, () => ask()));
      const statements = await Promise.all(
        answers.map((answer) => answer.json() as Promise<BrokerStatement>),
      );
      calls.push((await callsOf('holdings')) - before);
      const [first] = statements as [BrokerStatement];
      return first.positions.length > 0 && statements;
    }).then((statements) => {
      const [first] = statements as [BrokerStatement];
      expect(statements).toEqual(Array.from({ length: 20 }, () => first));
      return first;
    });
    expect(Math.max(...calls)).toBe(1);

    expect(statement).toMatchObject({ accountId: ACCOUNT, broker: 'sharekhan' });
    const ours = expect.objectContaining({ tradingSymbol: 'RELIANCE', netQty: 3 }) as unknown;
    expect(statement.positions).toEqual([ours]);
    expect(statement.holdings).toEqual([ours]);
    const [limits] = statement.limits;
    expect(Number(limits?.['availableBalance'])).toBeLessThan(Number(limits?.['openingBalance']));
  });

  it('ends with a dead token, which is marked as dead', async () => {
    await sk.broker.show({ kind: 'kill-tokens' });
    // The last answer is kept for a while.
    const refused = await waitFor(
      async () => {
        const answer = await ask();
        return answer.status === 409 && answer;
      },
      { timeoutMs: 15_000 },
    );
    expect(await refused.json()).toMatchObject({ code: 'TOKEN_REJECTED' });
    expect(await service.get(`accounts/${ACCOUNT}/token`)).toMatchObject({ state: 'rejected' });
  });

  it('is nothing for a paper account, and for one that does not exist', async () => {
    const paper = await ask('PAPER_TRADER_001');
    expect([paper.status, await paper.json()]).toMatchObject([409, { code: 'NO_BROKER_STATEMENT' }]);
    const unknown = await ask('NOBODY');
    expect([unknown.status, await unknown.json()]).toMatchObject([404, { code: 'ACCOUNT_UNKNOWN' }]);
  });
});
