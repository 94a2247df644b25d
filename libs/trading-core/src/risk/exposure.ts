import { MANUAL_STRATEGY } from '@tickbridge/contracts';
import { exitRoom } from '../exits/exit-room';
import { type Money, money, ZERO } from '../money/money';
import type { RiskContext, RiskHolding, RiskOpenOrder } from './risk-context';
import { known, MissingDataError } from './risk.errors';

type Directed = Pick<RiskOpenOrder, 'strategy' | 'symbol' | 'side'>;

/**
 * True when the order only brings a position towards zero: the strategy's in the symbol, or, when a person asks, what the
 * account holds of the symbol in all.
 *
 * Other open orders that close the same position use it up first, so two exits cannot turn a long into a short.
 */
export const reducesExposure = perContext((context: RiskContext): boolean => {
  const { order } = context;
  if (closes(context, (entry) => samePosition(entry, order))) return true;
  // Under a strategy's name a person changes that strategy's position, and no other.
  const ownName = order.byPerson && order.strategy === MANUAL_STRATEGY;
  return ownName && closes(context, (entry) => entry.symbol === order.symbol);
});

/** Whether what is held of a part of the book, less what is being closed already, is at least what the order closes. */
function closes(
  context: RiskContext,
  isPart: (entry: { strategy: string; symbol: string }) => boolean,
): boolean {
  const { order } = context;
  const { side, quantity } = order;
  const held = known(context.holdings, 'positions')
    .filter(isPart)
    .reduce((sum, holding) => sum.plus(holding.quantity), ZERO);
  const others = known(context.openOrders, 'open orders')
    .filter((open) => isPart(open) && (open.protective !== true || order.protective === true))
    .map((open) => ({ side: open.side, remaining: open.remainingQuantity }));
  const room = exitRoom(held, side, others);
  return room.gt(0) && room.gte(quantity);
}

/** Price the order's value is counted at: its limit, the quote it meets, or the last price. */
export function orderPrice({ order, market }: RiskContext): Money {
  const quote = order.side === 'BUY' ? market.ask : market.bid;
  const price = order.limitPrice ?? quote ?? market.lastPrice;
  if (price === null) throw new MissingDataError(`a price of ${order.symbol}`);
  return money(price);
}

export function orderNotional(context: RiskContext): Money {
  return orderPrice(context).times(context.order.quantity);
}

/** Part of a book: one symbol, one strategy, or both; empty for all of it. */
export interface BookPart {
  symbol?: string;
  strategy?: string;
}

/** Value of all open quantity, longs and shorts added up, at the given marks. */
export function heldNotional(context: RiskContext, part: BookPart = {}): Money {
  return openHoldings(context)
    .filter((holding) => belongsTo(holding, part))
    .reduce((sum, holding) => sum.plus(valueOf(context, holding).abs()), ZERO);
}

/** Value of the other open orders that would add to a position. */
export function pendingNotional(context: RiskContext, part: BookPart = {}): Money {
  return known(context.openOrders, 'open orders')
    .filter((open) => belongsTo(open, part))
    .filter((open) => !opposes(heldQuantity(context, open), open.side))
    .reduce((sum, open) => sum.plus(money(open.price).times(open.remainingQuantity)), ZERO);
}

/** Value of longs less shorts, as it would be once every open order were filled. */
export function netNotional(context: RiskContext): Money {
  const held = netValue(context);
  return known(context.openOrders, 'open orders').reduce((sum, open) => {
    const value = money(open.price).times(open.remainingQuantity);
    return open.side === 'BUY' ? sum.plus(value) : sum.minus(value);
  }, held);
}

/** Quantity held and ordered in the order's symbol, long or short, by all strategies, this order included. */
export function positionQuantity(context: RiskContext): Money {
  const { symbol, quantity } = context.order;
  const held = known(context.holdings, 'positions')
    .filter((holding) => holding.symbol === symbol)
    .reduce((sum, holding) => sum.plus(holding.quantity.abs()), ZERO);
  const pending = known(context.openOrders, 'open orders')
    .filter((open) => open.symbol === symbol && !opposes(heldQuantity(context, open), open.side))
    .reduce((sum, open) => sum.plus(open.remainingQuantity), ZERO);
  return held.plus(pending).plus(quantity);
}

/** Cash plus the value of everything held. */
export function equity(context: RiskContext): Money {
  return known(context.account, 'the account').cash.plus(netValue(context));
}

const openHoldings = perContext((context: RiskContext): readonly RiskHolding[] =>
  known(context.holdings, 'positions').filter(({ quantity }) => !quantity.isZero()),
);

const netValue = perContext((context: RiskContext): Money =>
  openHoldings(context).reduce((sum, holding) => sum.plus(valueOf(context, holding)), ZERO),
);

const values = perContext(() => new Map<RiskHolding, Money>());

/** Value of what is held at the given marks, below zero when it is short. */
function valueOf(context: RiskContext, holding: RiskHolding): Money {
  const found = values(context).get(holding);
  if (found) return found;
  const value = holding.quantity.times(mark(context, holding.symbol));
  values(context).set(holding, value);
  return value;
}

/** Works a figure out once for all rules that look at the same context: nobody changes one. */
function perContext<T>(figure: (context: RiskContext) => T): (context: RiskContext) => T {
  const figures = new WeakMap<RiskContext, { value: T }>();
  return (context) => {
    const found = figures.get(context);
    if (found) return found.value;
    const value = figure(context);
    figures.set(context, { value });
    return value;
  };
}

function heldQuantity(context: RiskContext, order: Directed): Money {
  return known(context.holdings, 'positions')
    .filter((holding) => samePosition(holding, order))
    .reduce((sum, holding) => sum.plus(holding.quantity), ZERO);
}

function mark({ order, market, marks }: RiskContext, symbol: string): number {
  const price = marks.get(symbol) ?? (symbol === order.symbol ? market.lastPrice : null);
  if (price === null || price === undefined)
    throw new MissingDataError(`a price of ${symbol}, which is held,`);
  return price;
}

function samePosition(
  left: { strategy: string; symbol: string },
  right: { strategy: string; symbol: string },
): boolean {
  return left.strategy === right.strategy && left.symbol === right.symbol;
}

function belongsTo(entry: { strategy: string; symbol: string }, { symbol, strategy }: BookPart): boolean {
  return (symbol ?? entry.symbol) === entry.symbol && (strategy ?? entry.strategy) === entry.strategy;
}

function opposes(quantity: Money, side: 'BUY' | 'SELL'): boolean {
  return side === 'SELL' ? quantity.gt(0) : quantity.lt(0);
}
