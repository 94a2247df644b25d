import { money, type Money } from '@tickbridge/trading-core';
import { istTime } from '../market/ist-time';
import { averageOf, filledOf, type ShareKhanOrder } from './sharekhan.books';

/** Cash a simulated customer began with, rupees. */
const OPENING_CASH = 1_000_000;

/** A row of the day report. */
export function reportRow(order: ShareKhanOrder): object {
  const { request, quantity } = order;
  const execQty = filledOf(order);
  return {
    orderId: order.orderId,
    exchangeOrderId: order.exchangeOrderId,
    customerId: request.customerId,
    exchange: request.exchange,
    scripCode: request.scripCode,
    tradingSymbol: request.tradingSymbol,
    buySell: request.transactionType,
    orderStatus: order.status,
    orderQty: quantity,
    openQty: quantity - execQty,
    execQty,
    avgPrice: String(averageOf(order)),
    orderPrice: String(order.price),
    triggerPrice: String(order.triggerPrice),
    rmsCode: rmsCodeOf(order),
    validity: request.validity,
    errorMessage: order.message,
    orderDateTime: shareKhanTime(order.placedAt),
  };
}

/** Rows of an order's history, oldest first. */
export function historyRows(order: ShareKhanOrder): object[] {
  return order.history.map(({ at, status }) => ({
    ...reportRow(order),
    orderStatus: status,
    statusDateTime: shareKhanTime(at),
  }));
}

/** Net positions of the day, by instrument. */
export function positionRows(orders: readonly ShareKhanOrder[]): object[] {
  const net = new Map<number, { tradingSymbol: string; netQty: number; netValue: number }>();
  for (const order of orders) {
    const { scripCode, tradingSymbol, transactionType } = order.request;
    const sign = transactionType === 'B' ? 1 : -1;
    const row = net.get(scripCode) ?? { tradingSymbol, netQty: 0, netValue: 0 };
    row.netQty += sign * filledOf(order);
    row.netValue = money(row.netValue)
      .plus(money(averageOf(order)).times(sign * filledOf(order)))
      .toNumber();
    net.set(scripCode, row);
  }
  return [...net].map(([scripCode, row]) => ({ exchange: 'NC', scripCode, ...row }));
}

/** Shares in the depository: what was bought and not sold again. */
export function holdingRows(orders: readonly ShareKhanOrder[]): object[] {
  return positionRows(orders).filter((row) => (row as { netQty: number }).netQty > 0);
}

/** Cash left, and what the day's trades cost. */
export function limitRow(orders: readonly ShareKhanOrder[]): object {
  const used = positionRows(orders).reduce<Money>(
    (sum, row) => sum.plus((row as { netValue: number }).netValue),
    money(0),
  );
  return {
    openingBalance: OPENING_CASH,
    utilized: used.toNumber(),
    availableBalance: money(OPENING_CASH).minus(used).toNumber(),
  };
}

/** `2025-10-28 12:44:40.0`, Indian time. */
export function shareKhanTime(epochMs: number): string {
  return `${istTime(epochMs).replace('T', ' ')}.0`;
}

/** The order's own RMS code, which changes and cancels must carry. */
export function rmsCodeOf({ request }: ShareKhanOrder): string {
  return request.rmsCode === 'ANY' ? `SKNS${request.scripCode}` : request.rmsCode;
}
