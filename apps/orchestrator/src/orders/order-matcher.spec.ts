import type { BrokerOrder } from '../brokers/broker';
import type { StoredOrderRow } from '../rows/order.rows';
import { matchUnknown } from './order-matcher';

const AT = Date.parse('2026-11-20T05:30:00Z');
const order = (id: string, position: number, triggerPrice: number | null) =>
  ({
    id,
    position,
    clientOrderId: id,
    symbol: 'ITC',
    side: 'SELL',
    quantity: 10,
    limitPrice: triggerPrice === null ? null : 92,
    triggerPrice,
    updatedAt: new Date(AT),
  }) as StoredOrderRow;
const entry = (brokerOrderId: string, triggerPrice?: number | null): BrokerOrder => ({
  brokerOrderId,
  clientOrderId: null,
  symbol: 'ITC',
  side: 'SELL',
  quantity: 10,
  limitPrice: typeof triggerPrice === 'number' ? 92 : null,
  triggerPrice,
  placedAt: AT,
  status: 'working',
  filledQuantity: 0,
  averagePrice: null,
  trades: null,
  fees: null,
  message: null,
});
const idsOf = (found: Map<string, BrokerOrder>) =>
  Object.fromEntries([...found].map(([id, { brokerOrderId }]) => [id, brokerOrderId]));

describe('orders whose outcome is not known, in books without our reference', () => {
  it('a stop and an exit of the same quantity are told apart by the trigger', () => {
    const unknown = [order('exit', 1, null), order('stop', 2, 95)];
    const books = [entry('1', 95), entry('2', null)];
    expect(idsOf(matchUnknown(unknown, books, new Set()))).toEqual({ exit: '2', stop: '1' });
  });

  it('a stop with another trigger is somebody else’s', () => {
    expect(idsOf(matchUnknown([order('stop', 1, 95)], [entry('1', 96)], new Set()))).toEqual({});
  });

  it('where the books show no trigger the other figures decide', () => {
    expect(idsOf(matchUnknown([order('stop', 1, 95)], [entry('1')], new Set()))).toEqual({ stop: '1' });
  });
});
