import { money } from '../money/money';
import type { OrderChange } from './order-event';
import type { OrderState } from './order-state';
import { isTerminal } from './order-table';

/** A trade as the broker tells of it. */
export interface BrokerTrade {
  tradeId: string;
  quantity: number;
  price: number;
}

/** An order as the broker's day report tells of it. */
export interface BrokerOrderReport {
  status: 'working' | 'triggered' | 'filled' | 'canceled' | 'rejected' | 'expired';
  filledQuantity: number;
  /** Volume-weighted price of what is filled; `null` before the first fill. */
  averagePrice: number | null;
  /** Single trades where the broker names them; without them fills are told from the growth of the sums. */
  trades: readonly BrokerTrade[] | null;
  /** The broker's words on a rejection or cancellation. */
  message: string | null;
}

/**
 * What must happen to our order for it to agree with the broker's report.
 *
 * A report may be older than what is known already, come twice, or jump over states: fills are counted by trade id or by
 * the growth of the filled quantity, never twice, and nothing is taken back. Folding the changes gives an order of the
 * report's state, unless ours is ahead of it.
 *
 * @returns changes in the order in which they have to be made; empty when both agree
 */
export function reconcile(order: OrderState, orderKey: string, report: BrokerOrderReport): OrderChange[] {
  if (isTerminal(order.status) && order.status !== 'Canceled') return [];
  const changes: OrderChange[] = [];
  const fills = newFills(order, orderKey, report);
  const fresh = order.status === 'Submitted' || order.status === 'Initialized';
  const recovered = order.status === 'Initialized' ? ({ recovered: true } as const) : {};
  if (fresh && report.status !== 'rejected') changes.push({ type: 'accepted', ...recovered });
  if (report.status === 'triggered' && (fresh || order.status === 'Accepted'))
    changes.push({ type: 'triggered' });
  changes.push(...fills);
  const filled = fills.reduce((sum, { quantity }) => sum.plus(quantity), money(order.filledQuantity));
  if (filled.gte(order.quantity) || order.status === 'Canceled') return changes;
  switch (report.status) {
    case 'canceled':
      changes.push({ type: 'canceled' });
      break;
    case 'expired':
      changes.push({ type: 'expired' });
      break;
    case 'rejected':
      changes.push(rejection(order.status, filled.gt(0), report, recovered));
      break;
    case 'working':
    case 'triggered':
    case 'filled':
      break;
  }
  return changes;
}

/** What is left of an order that was taken once, or whose cancel is on its way, can only be canceled. */
function rejection(
  status: OrderState['status'],
  partlyFilled: boolean,
  { message }: BrokerOrderReport,
  recovered: { recovered?: true },
): OrderChange {
  if (partlyFilled || status === 'PendingCancel') return { type: 'canceled' };
  return {
    type: 'rejected',
    code: 'BROKER_REJECTED',
    message: message ?? 'The broker gave no reason',
    ...recovered,
  };
}

type Fill = Extract<OrderChange, { type: 'filled' }>;

function newFills(order: OrderState, orderKey: string, report: BrokerOrderReport): Fill[] {
  if (report.trades) {
    return report.trades
      .filter(({ tradeId }) => !order.tradeIds.includes(tradeId))
      .map((trade) => ({ type: 'filled', ...trade }));
  }
  const { filledQuantity, averagePrice } = report;
  const growth = money(filledQuantity).minus(order.filledQuantity);
  if (averagePrice === null || growth.lte(0)) return [];
  const paidBefore = money(order.averagePrice ?? 0).times(order.filledQuantity);
  const price = money(averagePrice).times(filledQuantity).minus(paidBefore).div(growth);
  // The same growth told twice has the same id, so that it is counted once.
  const tradeId = `${orderKey}:${filledQuantity}`;
  if (order.tradeIds.includes(tradeId)) return [];
  return [
    { type: 'filled', tradeId, quantity: growth.toNumber(), price: price.toDecimalPlaces(8).toNumber() },
  ];
}
