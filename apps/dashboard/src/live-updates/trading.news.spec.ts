import type { Order } from '@tickbridge/contracts';
import type { StreamHub } from '../stream/stream.hub';
import { TradingNews } from './trading.news';

function order(overrides: Partial<Order> = {}): Order {
  return {
    id: 'a3bb189e-8bf9-4f3b-9912-ace4e6543002',
    clientOrderId: 'c1',
    signalId: 'a3bb189e-8bf9-4f3b-9912-ace4e6543003',
    accountId: 'PAPER_TRADER_001',
    symbol: 'ITC',
    product: 'intraday',
    side: 'BUY',
    type: 'MARKET',
    quantity: 10,
    limitPrice: null,
    triggerPrice: null,
    timeInForce: 'DAY',
    stopLoss: null,
    takeProfit: null,
    reduceOnly: false,
    protective: false,
    groupId: null,
    brokerOrderId: null,
    heldReason: null,
    status: 'Submitted',
    filledQuantity: 0,
    averagePrice: null,
    rejection: null,
    strategy: 'momentum',
    createdAt: '2026-01-05T04:30:00.000Z',
    updatedAt: '2026-01-05T04:30:00.000Z',
    ...overrides,
  };
}

describe('trading news', () => {
  const told: [string, unknown][] = [];
  let news: TradingNews;

  beforeEach(() => {
    told.length = 0;
    const hub: Pick<StreamHub, 'announce'> = { announce: (name, data) => void told.push([name, data]) };
    news = new TradingNews(hub as StreamHub);
  });

  it('tells an order once, though it is learned twice', () => {
    news.order(order());
    news.order(order());
    expect(told).toHaveLength(1);
  });

  it('tells each new state, and no older one', () => {
    const filled = order({ status: 'Filled', filledQuantity: 10, updatedAt: '2026-01-05T04:30:01.000Z' });
    news.order(order());
    news.order(filled);
    news.order(order());
    news.order(filled);
    expect(told.map(([, data]) => (data as Order).status)).toEqual(['Submitted', 'Filled']);
  });
});
