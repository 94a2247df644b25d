import { matchPaperOrder, money, type TradedInstrument } from '@tickbridge/trading-core';
import { TICK_SIZE } from '../market/instruments';
import type { SimulatedQuote, SimulatedSymbol } from '../market/simulated-symbol';
import type { ShareKhanFaults } from './sharekhan.faults';
import type { ShareKhanInstruments } from './sharekhan.instruments';
import type { ShareKhanOrderRequest } from './sharekhan.requests';

/** The exchange fills at its quote, without the paper model's slippage. */
const AT_THE_QUOTE = { halfSpreadBps: 0, slippageBps: 0 };
const SIMULATED_SHARE: TradedInstrument = {
  priceSteps: [{ upTo: null, step: TICK_SIZE }],
  quantityStep: 1,
};
/** An order is on its way to the exchange for this long (ms). */
const TRANSIT_MS = 30;

export type ShareKhanStatus =
  'In-Process' | 'Pending' | 'Partly Executed' | 'Fully Executed' | 'Rejected' | 'Cancelled' | 'Expired';

export interface ShareKhanOrder {
  readonly orderId: string;
  readonly exchangeOrderId: string;
  readonly request: ShareKhanOrderRequest;
  readonly symbol: SimulatedSymbol;
  /** ms since 1970. */
  readonly placedAt: number;
  status: ShareKhanStatus;
  quantity: number;
  price: number;
  triggerPrice: number;
  triggered: boolean;
  /** Price at which it was shown the market last; `null` before the first time. */
  shownAt: number | null;
  /** How much of it may be filled. */
  fillable: number;
  /** When a cancel that was taken ends it (ms since 1970); `undefined` while none was. */
  endsAt: number | undefined;
  readonly trades: { quantity: number; price: number; at: number }[];
  message: string;
  /** The quote it was shown last: the same offer fills it once. */
  seen: SimulatedQuote | undefined;
  readonly history: { at: number; status: ShareKhanStatus }[];
}

/** An acknowledgement as the stream tells it. */
export interface Acknowledgement {
  order: ShareKhanOrder;
  state: string;
  trade?: { quantity: number; price: number };
}

/** A change or cancel that cannot be made. */
export class RefusedChange extends Error {}

/** The broker's order books, matched against the simulated market. Deterministic but for the market itself. */
export class ShareKhanBooks {
  private readonly byId = new Map<string, ShareKhanOrder>();
  private readonly working = new Set<ShareKhanOrder>();
  private nextId = 250_000_001;

  constructor(
    private readonly instruments: ShareKhanInstruments,
    private readonly faults: ShareKhanFaults,
    private readonly tell: (news: Acknowledgement) => void,
    private readonly now: () => number = Date.now,
  ) {}

  /** @throws RefusedChange for an instrument that is not listed */
  take(request: ShareKhanOrderRequest): ShareKhanOrder {
    const symbol = this.instruments.find(request.scripCode);
    if (!symbol || symbol.name !== request.tradingSymbol) throw new RefusedChange('Invalid scrip code');
    const id = this.nextId++;
    const order: ShareKhanOrder = {
      orderId: String(id),
      exchangeOrderId: `11${id}`,
      request,
      symbol,
      placedAt: this.now(),
      status: 'In-Process',
      quantity: request.quantity,
      price: Number(request.price),
      triggerPrice: Number(request.triggerPrice),
      triggered: false,
      shownAt: null,
      fillable: this.faults.fillable(request.quantity),
      trades: [],
      message: '',
      seen: undefined,
      endsAt: undefined,
      history: [],
    };
    this.byId.set(order.orderId, order);
    const rejection = this.faults.rejection();
    if (rejection === undefined) this.working.add(order);
    else order.message = rejection;
    this.become(order, rejection === undefined ? 'In-Process' : 'Rejected');
    return order;
  }

  /** @throws RefusedChange when the order is not working, or would be smaller than what is filled */
  modify(request: ShareKhanOrderRequest): ShareKhanOrder {
    const order = this.mustWork(request);
    if (request.quantity <= filledOf(order)) throw new RefusedChange('Quantity is executed already');
    order.fillable += request.quantity - order.quantity;
    order.quantity = request.quantity;
    order.price = Number(request.price);
    order.triggerPrice = Number(request.triggerPrice);
    order.seen = undefined;
    this.tell({ order, state: 'OrderModificationConfirmation' });
    return order;
  }

  /** @throws RefusedChange when the order is not working */
  cancel(request: ShareKhanOrderRequest): ShareKhanOrder {
    const order = this.mustWork(request);
    if (order.triggerPrice !== 0 && this.faults.fillsOnCancel()) {
      const quantity = order.quantity - filledOf(order);
      this.fill(order, { quantity, price: order.symbol.quote.bid || order.triggerPrice, at: this.now() });
      throw new RefusedChange(`Order is ${order.status}`);
    }
    const delay = order.triggerPrice === 0 ? 0 : this.faults.cancelDelay();
    if (delay > 0) order.endsAt = this.now() + delay;
    else this.end(order, 'Cancelled');
    return order;
  }

  /** Wakes every stop that rests, or lets the exchange cancel it. */
  moveStops(how: 'trigger' | 'cancel'): void {
    for (const order of [...this.working].filter(({ triggerPrice }) => triggerPrice !== 0)) {
      if (how === 'cancel') this.end(order, 'Cancelled');
      else {
        order.triggered = true;
        order.seen = undefined;
      }
    }
  }

  of(customerId: string): ShareKhanOrder[] {
    return [...this.byId.values()].filter(({ request }) => request.customerId === customerId);
  }

  find(customerId: string, orderId: string): ShareKhanOrder | undefined {
    const order = this.byId.get(orderId);
    return order?.request.customerId === customerId ? order : undefined;
  }

  /** Lets orders be filled in whole again. */
  release(): void {
    for (const order of this.working) order.fillable = order.quantity;
  }

  /** Shows every working order the market once. */
  match(): void {
    const now = this.now();
    for (const order of [...this.working]) {
      if (order.endsAt !== undefined && now >= order.endsAt) {
        this.end(order, 'Cancelled');
        continue;
      }
      if (order.status === 'In-Process') {
        if (now - order.placedAt < TRANSIT_MS) continue;
        this.become(order, 'Pending');
      }
      if (order.seen === order.symbol.quote) continue;
      order.seen = order.symbol.quote;
      this.meet(order, order.symbol, now);
    }
  }

  private meet(order: ShareKhanOrder, { quote, lastPrice }: SimulatedSymbol, at: number): void {
    const { request, price, triggerPrice } = order;
    const remaining = Math.min(order.quantity, order.fillable) - filledOf(order);
    if (remaining <= 0) return;
    const limitPrice = price === 0 ? null : price;
    const plain = limitPrice === null ? 'MARKET' : 'LIMIT';
    const stop = limitPrice === null ? 'STOP' : 'STOP_LIMIT';
    const { bid, bidQuantity, ask, askQuantity } = quote;
    const match = matchPaperOrder(
      {
        side: request.transactionType === 'B' ? 'BUY' : 'SELL',
        type: triggerPrice === 0 ? plain : stop,
        remaining,
        limitPrice,
        triggerPrice: triggerPrice === 0 ? null : triggerPrice,
        triggered: order.triggered,
        timeInForce: request.validity === 'IOC' ? 'IOC' : 'DAY',
        rests: order.shownAt === price,
      },
      {
        lastPrice,
        bid: bid || null,
        bidQuantity: bidQuantity || null,
        ask: ask || null,
        askQuantity: askQuantity || null,
      },
      SIMULATED_SHARE,
      AT_THE_QUOTE,
    );
    order.triggered ||= match.triggered;
    order.shownAt = price;
    if (match.fill) this.fill(order, { ...match.fill, at });
    if (match.canceled && this.working.has(order)) this.end(order, 'Cancelled');
  }

  private fill(order: ShareKhanOrder, { quantity, price, at }: ShareKhanOrder['trades'][number]): void {
    order.trades.push({ quantity, price, at });
    const whole = filledOf(order) >= order.quantity;
    order.status = whole ? 'Fully Executed' : 'Partly Executed';
    order.history.push({ at, status: order.status });
    if (whole) this.working.delete(order);
    this.tell({ order, state: 'TradeConfirmation', trade: { quantity, price } });
  }

  private end(order: ShareKhanOrder, status: 'Cancelled' | 'Expired'): void {
    this.working.delete(order);
    this.become(order, status);
  }

  private become(order: ShareKhanOrder, status: ShareKhanStatus): void {
    order.status = status;
    order.history.push({ at: this.now(), status });
    this.tell({ order, state: ACK_STATES[status] });
  }

  private mustWork({ orderId, customerId }: ShareKhanOrderRequest): ShareKhanOrder {
    const order = this.find(customerId, orderId ?? '');
    if (order && this.working.has(order)) return order;
    throw new RefusedChange(order ? `Order is ${order.status}` : 'Order not found');
  }
}

const ACK_STATES: Record<ShareKhanStatus, string> = {
  'In-Process': 'NewOrderConfirmation',
  Pending: 'NewOrderConfirmation',
  'Partly Executed': 'TradeConfirmation',
  'Fully Executed': 'TradeConfirmation',
  Rejected: 'NewOrderRejection',
  Cancelled: 'OrderCancelationConfirmation',
  Expired: 'OrderCancelationConfirmation',
};

/** How much of an order is filled. */
export function filledOf({ trades }: ShareKhanOrder): number {
  return trades.reduce((sum, { quantity }) => sum + quantity, 0);
}

/** Volume-weighted price of what is filled; 0 before the first fill, as ShareKhan writes it. */
export function averageOf(order: ShareKhanOrder): number {
  const filled = filledOf(order);
  if (filled === 0) return 0;
  const paid = order.trades.reduce(
    (sum, { quantity, price }) => sum.plus(money(price).times(quantity)),
    money(0),
  );
  return paid.div(filled).toDecimalPlaces(4).toNumber();
}
