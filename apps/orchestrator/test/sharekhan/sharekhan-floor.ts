import { randomUUID } from 'node:crypto';
import type { Account, BrokerLogin, Order, OrderWithEvents, TokenStatus } from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import type { OrchestratorProcess } from '../orchestrator-process';
import { TradingFloor } from '../trading-floor';
import { APP, SimulatorProcess } from './simulator-process';

export const ACCOUNT = 'MASTER_USER_001';
/** The broker is given this long to answer (milliseconds). */
const TIMEOUT_MS = 700;
const SESSION = 'the-session-of-the-tests';

/** A trading floor whose account trades at the simulated ShareKhan. */
export class ShareKhanFloor {
  private constructor(
    readonly floor: TradingFloor,
    readonly broker: SimulatorProcess,
  ) {}

  static async open(): Promise<ShareKhanFloor> {
    const [floor, broker] = await Promise.all([TradingFloor.open(), SimulatorProcess.open()]);
    for (const symbol of ['RELIANCE', 'TCS', 'SBIN', 'INFY', 'ITC']) floor.price(symbol, 100);
    return new ShareKhanFloor(floor, broker);
  }

  /** An orchestrator that trades the account, logged in unless said otherwise. */
  async start(more: Record<string, string> = {}, { login = true } = {}): Promise<OrchestratorProcess> {
    const service = await this.floor.start(this.env(more));
    // It listens before PostgreSQL has answered it.
    await waitFor(async () => (await service.get<Account[]>('accounts')).length > 0, { timeoutMs: 20_000 });
    if ((await this.tradingOf(service)) === 'absent') await this.openAccount(service);
    await waitFor(async () => (await this.tradingOf(service)) !== 'idle', { timeoutMs: 20_000 }).catch(
      (error: unknown) => {
        throw new Error(`nobody takes the account:\n${service.output.slice(-4_000)}`, { cause: error });
      },
    );
    // The simulated broker fills at other prices than this floor's: that is no loss to act on.
    await this.floor.ignoreLosses(service);
    if (login) await this.logIn(service);
    return service;
  }

  env(more: Record<string, string> = {}): Record<string, string> {
    return {
      SHAREKHAN_API_KEY: APP.apiKey,
      SHAREKHAN_SECRET_KEY: APP.secretKey,
      SHAREKHAN_URL: this.broker.url,
      SHAREKHAN_TIMEOUT_MS: String(TIMEOUT_MS),
      SHAREKHAN_CALLS_PER_SECOND: '100',
      ...more,
    };
  }

  async openAccount(service: OrchestratorProcess, id = ACCOUNT): Promise<void> {
    const person = { by: 'mira', reason: 'a test' };
    await service.post('accounts', {
      id,
      broker: 'sharekhan',
      feed: 'simulator',
      capital: '1000000',
      ...person,
    });
    const armed = await service.fetch(`accounts/${id}`, {
      method: 'PATCH',
      body: JSON.stringify({ armed: true, ...person }),
    });
    if (!armed.ok) throw new Error(await armed.text());
  }

  /** From now on the account follows every strategy, by so few shares that the simulated broker's prices ruin nobody. */
  async follow(service: OrchestratorProcess): Promise<void> {
    await this.floor.rows(
      `insert into risk.limits (scope_kind, scope_key, limits, changed_by, reason, changed_at)
       values ('account', $1, '{"maxOrderQuantity": 6}', 'mira', 'a test', now())`,
      [ACCOUNT],
    );
    const body = JSON.stringify({ strategies: null, by: 'mira', reason: 'a test' });
    const answer = await service.fetch(`accounts/${ACCOUNT}`, { method: 'PATCH', body });
    if (!answer.ok) throw new Error(await answer.text());
  }

  /** The daily login, as a person goes through it. */
  async logIn(service: OrchestratorProcess, account = ACCOUNT, customer = '987654'): Promise<TokenStatus> {
    const { url } = await service.get<BrokerLogin>(`accounts/${account}/login?session=${SESSION}`);
    const back = await this.broker.logIn(url, customer);
    return service.post('accounts/login', { ...back, session: SESSION });
  }

  async place(service: OrchestratorProcess, more: object = {}): Promise<Order> {
    return service.post('orders', {
      requestId: randomUUID(),
      accountId: ACCOUNT,
      symbol: 'RELIANCE',
      side: 'BUY',
      type: 'MARKET',
      quantity: 3,
      repeat: true,
      by: 'mira',
      reason: 'a test',
      ...more,
    });
  }

  order(service: OrchestratorProcess, { id }: Pick<Order, 'id'>): Promise<OrderWithEvents> {
    return service.get(`orders/${id}`);
  }

  /** @returns the order once it has the status */
  async becomes(
    service: OrchestratorProcess,
    order: Pick<Order, 'id'>,
    wanted: (order: OrderWithEvents) => boolean,
    timeoutMs = 20_000,
  ): Promise<OrderWithEvents> {
    let seen: OrderWithEvents | undefined;
    try {
      await waitFor(async () => wanted((seen = await this.order(service, order))), { timeoutMs });
    } catch (error) {
      throw new Error(`the order is ${JSON.stringify(seen)}\n${service.output.slice(-3_000)}`, {
        cause: error,
      });
    }
    return seen as OrderWithEvents;
  }

  /** Where ledger and day report differ; empty when they agree. */
  async differences(): Promise<unknown[]> {
    const ledger = await this.floor.rows<{
      broker_order_id: string | null;
      status: string;
      filled_quantity: number;
      average_price: number | null;
    }>(
      `select broker_order_id, status, filled_quantity, average_price from trading.orders where account_id = $1`,
      [ACCOUNT],
    );
    const books = await this.broker.report();
    const mine = new Map(ledger.map((order) => [order.broker_order_id, order]));
    const missing = books.filter((row) => {
      const order = mine.get(row.orderId);
      if (!order || order.filled_quantity !== row.execQty) return true;
      return row.execQty > 0 && Math.abs((order.average_price ?? 0) - Number(row.avgPrice)) > 0.001;
    });
    const known = new Set(books.map(({ orderId }) => orderId));
    const invented = ledger.filter(({ broker_order_id: id }) => id !== null && !known.has(id));
    const fills = await this.floor.rows<{ quantity: number }>(
      `select sum(quantity) as quantity from trading.fills where account_id = $1`,
      [ACCOUNT],
    );
    const executed = books.reduce((sum, { execQty }) => sum + execQty, 0);
    const booked = Number(fills[0]?.quantity ?? 0);
    return [...missing, ...invented, ...(executed === booked ? [] : [{ executed, booked }])];
  }

  async close(): Promise<void> {
    await this.floor.close();
    await this.broker.stop();
  }

  async tradingOf(service: OrchestratorProcess, account = ACCOUNT): Promise<string> {
    const list = await service.get<{ id: string; trading: { state: string } }[]>('accounts');
    return list.find(({ id }) => id === account)?.trading.state ?? 'absent';
  }
}
