import { Injectable, Logger } from '@nestjs/common';
import {
  MANUAL_STRATEGY,
  type ManualOrder,
  type Order,
  type OrderModification,
  type Signal,
  type TradingCommand,
  toIso,
} from '@tickbridge/contracts';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { clientOrderId, deterministicId, isTerminal, money, orderId } from '@tickbridge/trading-core';
import { FencedOffError } from '../accounts/account-leases';
import { AccountRepository, type StoredAccount } from '../accounts/account.repository';
import type { AccountTrader } from '../traders/account-trader';
import { AccountTraders } from '../traders/account-traders';
import type { ChangeOutcome } from '../brokers/broker';
import { Brokers } from '../brokers/brokers';
import { TradingClock } from '../market/trading-clock';
import { TradingFeeds } from '../market/trading-feeds';
import { MarketView } from '../market/market-view';
import { RiskGateway } from '../risk/risk-gateway';
import { SignalRepository } from '../signals/signal.repository';
import { ledgerChanges } from '../orders/ledger-changes';
import { NotTradedHereError } from './not-traded-here.error';
import { OrderExecutor } from '../orders/order-executor';
import { OrderLedger } from '../orders/order-ledger';
import { OrderRepository } from '../orders/order.repository';
import { type OrderRow, toOrder } from '../rows/order.rows';

/** An order like one that is younger than this is asked about (ms). */
const REPEAT_WINDOW_MS = 10_000;

/** What people may do to orders: place one, change one, cancel one. All of it goes the way of every other order. */
@Injectable()
export class OrderCommands {
  private readonly logger = new Logger('Orders');

  constructor(
    private readonly orders: OrderRepository,
    private readonly signals: SignalRepository,
    private readonly accounts: AccountRepository,
    private readonly traders: AccountTraders,
    private readonly ledger: OrderLedger,
    private readonly executor: OrderExecutor,
    private readonly brokers: Brokers,
    private readonly risk: RiskGateway,
    private readonly feeds: TradingFeeds,
    private readonly market: MarketView,
    private readonly clock: TradingClock,
  ) {}

  /**
   * Places an order for a person. The same `requestId` gives the same order.
   *
   * @throws ProblemException 404 for an unknown account, 409 while it is not traded here, has no price of the symbol, or
   *   was given the same order a moment ago
   */
  async place(wish: ManualOrder): Promise<Order> {
    const { account, trader } = await this.traded(wish.accountId);
    if (!account.enabled) {
      throw new ProblemException(
        409,
        'ACCOUNT_DISABLED',
        `${account.id} is disabled: PATCH it to enable it.`,
      );
    }
    if (!trader.isReady) {
      throw new ProblemException(
        409,
        'ACCOUNT_BLOCKED',
        `${account.id} does not trade: ${trader.blockedBy}.`,
      );
    }
    const signal = this.manualSignal(wish, account);
    return inTurn(trader, async () => {
      const id = orderId(signal.id, account.id);
      if (wish.repeat !== true) await this.assertNotIdentical(id, wish);
      await this.assertSameRequest(signal, wish);
      const row = await this.executor.place(
        {
          id,
          clientOrderId: clientOrderId(id),
          signalId: signal.id,
          accountId: account.id,
          symbol: wish.symbol,
          side: wish.side,
          type: wish.type,
          quantity: wish.quantity,
          limitPrice: wish.limitPrice,
          triggerPrice: wish.triggerPrice,
          timeInForce: wish.timeInForce,
          decisionPrice: wish.limitPrice ?? wish.triggerPrice ?? signal.price,
          strategy: bookOf(wish),
          barTime: new Date(signal.barTime),
        },
        account,
      );
      return toOrder(row);
    });
  }

  /** Asks the broker to cancel an order. @throws ProblemException 404, or 409 when it cannot be canceled */
  async cancel(id: string, command: TradingCommand): Promise<Order> {
    const order = await this.mustFind(id);
    const { account, trader } = await this.traded(order.accountId);
    this.logger.log(`${command.by} cancels order ${id}: ${command.reason}`);
    return inTurn(trader, async () =>
      toOrder(await this.cancelNow(await this.mustFind(id), account, `${command.by}: ${command.reason}`)),
    );
  }

  /** Cancels where that is possible; an order that cannot be canceled is left to the broker. */
  async cancelQuietly(order: OrderRow): Promise<void> {
    const { account, trader } = await this.traded(order.accountId);
    await inTurn(trader, async () => {
      try {
        await this.cancelNow(await this.mustFind(order.id), account);
      } catch (error) {
        if (!(error instanceof ProblemException)) throw error;
      }
    });
  }

  /** Changes quantity or limit of a resting order. @throws ProblemException 404, or 409 when it cannot be changed */
  async modify(id: string, { quantity, limitPrice, by, reason }: OrderModification): Promise<Order> {
    const found = await this.mustFind(id);
    const { account, trader } = await this.traded(found.accountId);
    this.logger.log(`${by} changes order ${id}: ${reason}`);
    return inTurn(trader, async () => {
      const order = await this.mustFind(id);
      if (isTerminal(order.status) || order.brokerOrderId === null || order.status.startsWith('Pending')) {
        throw notPossible(order, 'changed');
      }
      const change = { quantity: quantity ?? order.quantity, limitPrice: limitPrice ?? order.limitPrice };
      if (
        change.quantity <= order.filledQuantity ||
        (change.limitPrice !== null && order.limitPrice === null)
      ) {
        throw new ProblemException(
          409,
          'CHANGE_IMPOSSIBLE',
          'The quantity must exceed what is filled, and a market order has no limit to change.',
        );
      }
      await this.mustBeApproved(order, change, account);
      const why = `${by}: ${reason}`;
      await this.ledger.apply(order, () => [{ type: 'update-requested', reason: why }], this.clock.now());
      const outcome = await this.brokers.of(account).modify(order, change, account);
      if (outcome.kind === 'done') {
        const { brokerOrderId } = outcome.order;
        const changed = await this.ledger.apply(
          order,
          (state) => [...(state.status === 'PendingUpdate' ? [{ type: 'updated' as const, ...change }] : [])],
          this.clock.now(),
          { brokerOrderId },
        );
        return toOrder(changed);
      }
      return toOrder(await this.settle(order, outcome, 'update-rejected', trader));
    });
  }

  /** A changed order is a new decision: what is left of it has to pass every check. */
  private async mustBeApproved(
    order: OrderRow,
    { quantity, limitPrice }: { quantity: number; limitPrice: number | null },
    account: StoredAccount,
  ): Promise<void> {
    const left = money(quantity).minus(order.filledQuantity).toNumber();
    const facts = await this.brokers.of(account).facts(account);
    const { approved, code, message } = await this.risk.ask({ ...order, quantity: left, limitPrice }, facts);
    if (!approved) throw new ProblemException(409, 'CHANGE_DENIED', `${message} (${code}).`);
  }

  private async cancelNow(order: OrderRow, account: StoredAccount, why?: string): Promise<OrderRow> {
    const now = this.clock.now();
    if (order.status === 'Initialized') {
      const message = 'Canceled before it was decided on';
      return this.ledger.apply(order, () => [{ type: 'denied', code: 'CANCELED', message }], now, {
        heldReason: null,
      });
    }
    if (order.status === 'Submitted' && order.heldReason !== null) {
      return this.ledger.apply(order, () => [{ type: 'canceled' }], now, { heldReason: null });
    }
    if (isTerminal(order.status) || order.brokerOrderId === null || order.status === 'PendingCancel') {
      throw notPossible(order, 'canceled');
    }
    await this.ledger.apply(order, () => [{ type: 'cancel-requested', reason: why }], now);
    const outcome = await this.brokers.of(account).cancel(order, account);
    if (outcome.kind === 'done') {
      return this.ledger.apply(
        order,
        (state) => ledgerChanges(state, account, outcome.order),
        this.clock.now(),
      );
    }
    const trader = this.traders.of(account.id);
    return this.settle(order, outcome, 'cancel-rejected', trader);
  }

  /** The broker's books tell the rest. */
  private async settle(
    order: OrderRow,
    outcome: Exclude<ChangeOutcome, { kind: 'done' }>,
    rejection: 'cancel-rejected' | 'update-rejected',
    trader: AccountTrader | undefined,
  ): Promise<OrderRow> {
    trader?.wake();
    if (outcome.kind !== 'refused') return this.mustFind(order.id);
    const pending = rejection === 'cancel-rejected' ? 'PendingCancel' : 'PendingUpdate';
    this.logger.warn(`order ${order.id}: ${outcome.message}`);
    return this.ledger.apply(
      order,
      ({ status }) => (status === pending ? [{ type: rejection }] : []),
      this.clock.now(),
    );
  }

  /** Two clicks are one order: a person says so when a second like it is meant. */
  private async assertNotIdentical(id: string, wish: ManualOrder): Promise<void> {
    const now = this.clock.now();
    const recent = await this.orders.since(wish.accountId, wish.symbol, new Date(now - REPEAT_WINDOW_MS));
    // The same request again is answered with its own order.
    if (recent.some((order) => order.id === id)) return;
    for (const order of recent.filter((one) => isSameWish(toOrder(one), wish))) {
      const signal = await this.signals.find(order.signalId);
      if (signal?.strategy !== MANUAL_STRATEGY) continue;
      const seconds = Math.max(0, Math.round((now - order.createdAt.getTime()) / 1_000));
      throw new ProblemException(
        409,
        'IDENTICAL_ORDER',
        `You placed the same order ${seconds} s ago. Place it again? Then send it with "repeat": true.`,
      );
    }
  }

  /** Stores the wish; one that was sent before has to be the same. */
  private async assertSameRequest(signal: Signal, wish: ManualOrder): Promise<void> {
    if (await this.signals.insert(signal)) return;
    const stored = await this.signals.find(signal.id);
    const [order] = await this.orders.ofSignalAnywhere(signal.id);
    const sameWish =
      stored?.symbol === signal.symbol &&
      stored.action === signal.action &&
      JSON.stringify(wishOf(stored)) === JSON.stringify(wishOf(signal));
    const sameOrder =
      order === undefined ||
      (order.accountId === wish.accountId &&
        order.strategy === bookOf(wish) &&
        order.type === wish.type &&
        order.timeInForce === wish.timeInForce);
    if (sameWish && sameOrder) return;
    throw new ProblemException(
      409,
      'REQUEST_ID_REUSED',
      `requestId ${wish.requestId} belongs to another order${order ? `: ${order.id}` : ''}.`,
    );
  }

  private manualSignal(wish: ManualOrder, account: StoredAccount): Signal {
    const price = this.market.mark(wish.symbol)?.price;
    if (price === undefined) {
      throw new ProblemException(409, 'NO_PRICE', `There is no price of ${wish.symbol} to decide on.`);
    }
    const now = this.clock.now();
    const { calendar } = this.feeds.of(account.feed);
    return {
      id: deterministicId('manual', wish.requestId),
      source: account.feed,
      symbol: wish.symbol,
      strategy: MANUAL_STRATEGY,
      action: wish.side,
      strength: 1,
      confidence: 1,
      price,
      stopLoss: null,
      target: null,
      reason: `${wish.by}: ${wish.reason}`,
      components: {
        quantity: wish.quantity,
        ...(wish.limitPrice !== null && { limitPrice: wish.limitPrice }),
        ...(wish.triggerPrice !== null && { triggerPrice: wish.triggerPrice }),
      },
      barTime: toIso(now),
      createdAt: toIso(now),
      expiresAt: toIso(calendar.sessionAt(now)?.closeTime ?? calendar.tradingDayEnd(now)),
    };
  }

  private async traded(accountId: string): Promise<{ account: StoredAccount; trader: AccountTrader }> {
    const account = await this.accounts.find(accountId);
    if (!account) {
      throw new ProblemException(
        404,
        'ACCOUNT_UNKNOWN',
        `There is no account ${accountId}; GET /api/v1/accounts lists them.`,
      );
    }
    const trader = this.traders.of(accountId);
    if (trader) return { account, trader };
    throw new NotTradedHereError(accountId);
  }

  private async mustFind(id: string): Promise<OrderRow> {
    const order = await this.orders.find(id);
    if (order) return order;
    throw new ProblemException(404, 'ORDER_UNKNOWN', `There is no order ${id}.`);
  }
}

/** Whose position an order of a person changes: the person's own, or that of the strategy named. */
function bookOf({ strategy }: ManualOrder): string {
  return strategy ?? MANUAL_STRATEGY;
}

/** Whether a person asks for what an order already does; one that was refused does nothing. */
function isSameWish(order: Order, wish: ManualOrder): boolean {
  return (
    order.status !== 'Denied' &&
    order.status !== 'Rejected' &&
    order.side === wish.side &&
    order.type === wish.type &&
    order.quantity === wish.quantity &&
    order.limitPrice === wish.limitPrice &&
    order.triggerPrice === wish.triggerPrice
  );
}

/** The figures a person wished for, in one order. */
function wishOf({ components }: Signal): (number | null)[] {
  return ['quantity', 'limitPrice', 'triggerPrice'].map((name) => components[name] ?? null);
}

/** The account may change hands while a wish waits for its turn. */
async function inTurn<T>(trader: AccountTrader, task: () => Promise<T>): Promise<T> {
  try {
    return await trader.inTurn(task);
  } catch (error) {
    if (error instanceof FencedOffError) throw new NotTradedHereError(trader.id);
    throw error;
  }
}

function notPossible({ id, status, brokerOrderId }: OrderRow, what: string): ProblemException {
  const why =
    brokerOrderId === null && status === 'Submitted'
      ? 'whether the broker has it is being found out'
      : `it is ${status}`;
  return new ProblemException(409, 'ORDER_NOT_WORKING', `Order ${id} cannot be ${what}: ${why}.`);
}
