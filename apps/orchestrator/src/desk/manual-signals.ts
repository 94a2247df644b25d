import { Injectable } from '@nestjs/common';
import { MANUAL_STRATEGY, type ManualOrder, type Order, type Signal, toIso } from '@tickbridge/contracts';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { deterministicId, isTriggerReached } from '@tickbridge/trading-core';
import type { StoredAccount } from '../accounts/account.repository';
import { MarketView } from '../market/market-view';
import { TradingClock } from '../market/trading-clock';
import { TradingFeeds } from '../market/trading-feeds';
import { OrderRepository } from '../orders/order.repository';
import { toOrder } from '../rows/order.rows';
import { SignalRepository } from '../signals/signal.repository';

/** An order like one that is younger than this is asked about (ms). */
const REPEAT_WINDOW_MS = 10_000;

/** What a person wishes for, as the signal its order comes from. */
@Injectable()
export class ManualSignals {
  constructor(
    private readonly signals: SignalRepository,
    private readonly orders: OrderRepository,
    private readonly feeds: TradingFeeds,
    private readonly market: MarketView,
    private readonly clock: TradingClock,
  ) {}

  /** @throws ProblemException 409 without a price to decide on */
  of(wish: ManualOrder, account: StoredAccount): Signal {
    const price = this.market.mark(wish.symbol)?.price;
    if (price === undefined) {
      throw new ProblemException(409, 'NO_PRICE', `There is no price of ${wish.symbol} to decide on.`);
    }
    const now = this.clock.now();
    const calendar = this.feeds.of(account.feed).calendarOf(wish.symbol);
    return {
      id: signalIdOf(wish),
      source: account.feed,
      symbol: wish.symbol,
      accountId: account.id,
      strategy: MANUAL_STRATEGY,
      action: wish.side,
      strength: 1,
      confidence: 1,
      price,
      stopLoss: wish.stopLoss,
      target: wish.takeProfit,
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

  /** The same under the platform's name of the instrument, whichever of its names was written. */
  async named(wish: ManualOrder, account: StoredAccount): Promise<ManualOrder> {
    return { ...wish, symbol: await this.feeds.of(account.feed).symbolOf(wish.symbol) };
  }

  /** Whether the same request was sent before. */
  async isStored(wish: ManualOrder): Promise<boolean> {
    return (await this.signals.find(signalIdOf(wish))) !== undefined;
  }

  /** Two clicks are one order: a person says so when a second like it is meant. */
  async assertNotIdentical(id: string, wish: ManualOrder): Promise<void> {
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

  /**
   * A stop order whose trigger is reached is no stop any more: brokers refuse it, others fill it at once. A person is asked,
   * and says with `marketable` that the market or limit order it would be is meant.
   */
  async awake(wish: ManualOrder): Promise<ManualOrder> {
    const { side, limitPrice, triggerPrice } = wish;
    if (triggerPrice === null) return wish;
    const type = limitPrice === null ? 'MARKET' : 'LIMIT';
    const awake: ManualOrder = { ...wish, type, triggerPrice: null };
    // A request that was sent before is what it was then, wherever the price is now.
    const stored = await this.signals.find(signalIdOf(wish));
    if (stored) {
      return wish.marketable === true && stored.components['triggerPrice'] === undefined ? awake : wish;
    }
    const lastPrice = this.market.mark(wish.symbol)?.price;
    if (lastPrice === undefined || !isTriggerReached(side, triggerPrice, lastPrice)) return wish;
    if (wish.marketable === true) return awake;
    const become = limitPrice === null ? 'a market order' : `a limit order at ${limitPrice}`;
    throw new ProblemException(
      409,
      'STOP_MARKETABLE',
      `The trigger ${triggerPrice} is reached already at ${lastPrice}: it would be ${become} at once. Place it as that? Then send it with "marketable": true.`,
    );
  }

  /** Stores the wish; one that was sent before has to be the same. */
  async store(signal: Signal, wish: ManualOrder): Promise<void> {
    if (await this.signals.insert(signal, { durable: false })) return;
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
}

/** The same request gives the same signal, and with it the same order. */
function signalIdOf({ requestId }: ManualOrder): string {
  return deterministicId('manual', requestId);
}

/** Whose position an order of a person changes: the person's own, or that of the strategy named. */
export function bookOf({ strategy }: ManualOrder): string {
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
    order.triggerPrice === wish.triggerPrice &&
    order.stopLoss === wish.stopLoss &&
    order.takeProfit === wish.takeProfit
  );
}

/** The figures a person wished for, in one order. */
function wishOf({ components, stopLoss, target }: Signal): (number | null)[] {
  const figures = ['quantity', 'limitPrice', 'triggerPrice'].map((name) => components[name] ?? null);
  return [...figures, stopLoss, target];
}
