import { money } from '../../money/money';
import { aContext, aHolding, anOpenOrder, NOON_MS } from '../../testing/risk-context';
import { decide } from '../decide';
import type { RiskContext } from '../risk-context';
import type { RiskRule } from '../risk-rule';
import { accountEnabledRule } from './account-enabled.rule';
import { buyingPowerRule } from './buying-power.rule';
import { dailyLossRule } from './daily-loss.rule';
import { duplicateRule } from './duplicate.rule';
import { grossExposureRule } from './gross-exposure.rule';
import { inputRule } from './input.rule';
import { orderCountRule } from './order-count.rule';
import { orderSizeRule } from './order-size.rule';
import { priceCollarRule } from './price-collar.rule';
import { priceFreshRule } from './price-fresh.rule';
import { selfCrossRule } from './self-cross.rule';
import { sessionRule } from './session.rule';
import { symbolNotionalRule } from './symbol-notional.rule';
import { tradingStateRule } from './trading-state.rule';

type Overrides = Parameters<typeof aContext>[0];
/** Case: title, what differs from an order that may go, expected code (`undefined`: no objection). */
type Case = [title: string, overrides: Overrides, code: string | undefined];

const account = (values: Partial<NonNullable<RiskContext['account']>>): Overrides => {
  const base = aContext().account;
  if (!base) throw new Error('the sample context has an account');
  return { account: { ...base, ...values } };
};
const long = [aHolding(100)];
const exit = { side: 'SELL', quantity: 100 } as const;

const tables: [RiskRule, Case[]][] = [
  [
    accountEnabledRule,
    [
      ['an enabled paper account', {}, undefined],
      ['an unknown account', { account: undefined }, 'NO_DATA'],
      ['a disabled account', account({ enabled: false }), 'ACCOUNT_DISABLED'],
      ['a real account that is not armed', account({ broker: 'sharekhan' }), 'ACCOUNT_NOT_ARMED'],
      ['an armed real account', account({ broker: 'sharekhan', armed: true }), undefined],
      ['an account of another feed', account({ feed: 'simulator' }), 'WRONG_FEED'],
    ],
  ],
  [
    tradingStateRule,
    [
      ['active and running', {}, undefined],
      ['unknown state', { tradingState: undefined }, 'NO_DATA'],
      ['halted', { tradingState: { mode: 'HALTED', running: true } }, 'TRADING_HALTED'],
      [
        'halted, even for an exit',
        { tradingState: { mode: 'HALTED', running: true }, holdings: long, order: exit },
        'TRADING_HALTED',
      ],
      ['reducing, an entry', { tradingState: { mode: 'REDUCING', running: true } }, 'TRADING_REDUCING'],
      [
        'reducing, an exit',
        { tradingState: { mode: 'REDUCING', running: true }, holdings: long, order: exit },
        undefined,
      ],
      [
        'reducing, more than is held',
        {
          tradingState: { mode: 'REDUCING', running: true },
          holdings: long,
          order: { side: 'SELL', quantity: 101 },
        },
        'TRADING_REDUCING',
      ],
      [
        'reducing, an exit that another order already does',
        {
          tradingState: { mode: 'REDUCING', running: true },
          holdings: long,
          order: exit,
          openOrders: [anOpenOrder({ side: 'SELL' })],
        },
        'TRADING_REDUCING',
      ],
      [
        'reducing, the position of another strategy',
        {
          tradingState: { mode: 'REDUCING', running: true },
          holdings: [aHolding(100, 100, { strategy: 'other' })],
          order: exit,
        },
        'TRADING_REDUCING',
      ],
      [
        'flatten, an exit of a short',
        { tradingState: { mode: 'FLATTEN', running: true }, holdings: [aHolding(-100)] },
        undefined,
      ],
      ['flatten, an entry', { tradingState: { mode: 'FLATTEN', running: true } }, 'TRADING_REDUCING'],
      ['stopped, an entry', { tradingState: { mode: 'ACTIVE', running: false } }, 'TRADING_STOPPED'],
      [
        'stopped, an exit',
        { tradingState: { mode: 'ACTIVE', running: false }, holdings: long, order: exit },
        undefined,
      ],
    ],
  ],
  [
    sessionRule,
    [
      ['within the session', {}, undefined],
      ['no calendar', { calendar: undefined }, 'NO_DATA'],
      ['at night', { now: NOON_MS + 12 * 3_600_000 }, 'SESSION_CLOSED'],
      ['15:14:59 IST', { now: Date.parse('2026-11-20T09:44:59Z') }, undefined],
      ['15:15 IST, an entry', { now: Date.parse('2026-11-20T09:45:00Z') }, 'AFTER_CUTOFF'],
      [
        '15:15 IST, an exit',
        { now: Date.parse('2026-11-20T09:45:00Z'), holdings: long, order: exit },
        undefined,
      ],
      [
        '15:30 IST, an exit',
        { now: Date.parse('2026-11-20T10:00:00Z'), holdings: long, order: exit },
        'SESSION_CLOSED',
      ],
    ],
  ],
  [
    inputRule,
    [
      ['sane numbers', {}, undefined],
      ['no quote', { market: { bid: null, ask: null } }, undefined],
      ['quantity zero', { order: { quantity: 0 } }, 'INVALID_INPUT'],
      ['negative quantity', { order: { quantity: -1 } }, 'INVALID_INPUT'],
      ['quantity NaN', { order: { quantity: Number.NaN } }, 'INVALID_INPUT'],
      ['infinite quantity', { order: { quantity: Infinity } }, 'INVALID_INPUT'],
      ['last price NaN', { market: { lastPrice: Number.NaN } }, 'INVALID_INPUT'],
      ['ask zero', { market: { ask: 0 } }, 'INVALID_INPUT'],
      ['a mark below zero', { marks: new Map([['OTHER', -3]]) }, 'INVALID_INPUT'],
      ['a limit order without a limit', { order: { type: 'LIMIT' } }, 'INVALID_INPUT'],
      ['a limit of zero', { order: { type: 'LIMIT', limitPrice: 0 } }, 'INVALID_INPUT'],
    ],
  ],
  [
    priceFreshRule,
    [
      ['a fresh price', {}, undefined],
      ['exactly at the age limit', { market: { ageMs: 5_000 } }, undefined],
      ['a millisecond older', { market: { ageMs: 5_001 } }, 'STALE_PRICE'],
      ['no price', { market: { lastPrice: null } }, 'NO_PRICE'],
      ['a price of unknown age', { market: { ageMs: null } }, 'NO_PRICE'],
      ['no limits', { limits: undefined }, 'NO_DATA'],
      ['fresh there, stale here', { ownMarket: { lastPrice: 100, ageMs: 6_000 } }, 'STALE_PRICE'],
      ['fresh there, unknown here', { ownMarket: undefined }, 'NO_DATA'],
      ['a replay, where both sides know the same', { ownMarket: 'same' }, undefined],
      ['a stale exit', { holdings: long, order: exit, market: { ageMs: 60_000 } }, 'STALE_PRICE'],
    ],
  ],
  [
    priceCollarRule,
    [
      ['a market order on a tight quote', {}, undefined],
      ['a limit at the collar', { order: { type: 'LIMIT', limitPrice: 103 } }, undefined],
      ['a limit beyond it', { order: { type: 'LIMIT', limitPrice: 103.01 } }, 'LIMIT_OUTSIDE_COLLAR'],
      ['a limit far below', { order: { type: 'LIMIT', limitPrice: 90 } }, 'LIMIT_OUTSIDE_COLLAR'],
      ['a market buy on an absurd ask', { market: { ask: 110 } }, 'QUOTE_OUTSIDE_COLLAR'],
      [
        'a market sale on an absurd bid',
        { order: { side: 'SELL' }, market: { bid: 1 } },
        'QUOTE_OUTSIDE_COLLAR',
      ],
      [
        'a limit order, whatever the quote',
        { order: { type: 'LIMIT', limitPrice: 100 }, market: { ask: 110 } },
        undefined,
      ],
      ['another price here', { ownMarket: { lastPrice: 96, ageMs: 10 } }, 'PRICES_DISAGREE'],
      ['a replay', { ownMarket: 'same' }, undefined],
      ['no last price', { market: { lastPrice: null } }, 'NO_DATA'],
    ],
  ],
  [
    duplicateRule,
    [
      ['a first order', {}, undefined],
      ['a second order of the signal', { ordersOfSignal: ['order-0'] }, 'DUPLICATE_SIGNAL'],
      ['a second order of strategy, symbol, bar and side', { ordersOfBar: ['order-0'] }, 'DUPLICATE_BAR'],
      ['unknown history of the signal', { ordersOfSignal: undefined }, 'NO_DATA'],
      ['unknown history of the bar', { ordersOfBar: undefined }, 'NO_DATA'],
    ],
  ],
  [
    selfCrossRule,
    [
      ['nothing resting', {}, undefined],
      ['a resting order on the same side', { openOrders: [anOpenOrder()] }, undefined],
      [
        'a market order into an own sale',
        { openOrders: [anOpenOrder({ side: 'SELL', limitPrice: 101 })] },
        'SELF_CROSS',
      ],
      [
        'a limit that reaches an own sale',
        {
          order: { type: 'LIMIT', limitPrice: 101 },
          openOrders: [anOpenOrder({ side: 'SELL', limitPrice: 101 })],
        },
        'SELF_CROSS',
      ],
      [
        'a limit below an own sale',
        {
          order: { type: 'LIMIT', limitPrice: 100 },
          openOrders: [anOpenOrder({ side: 'SELL', limitPrice: 101 })],
        },
        undefined,
      ],
      [
        'an own sale in another symbol',
        { openOrders: [anOpenOrder({ side: 'SELL', symbol: 'OTHER' })] },
        undefined,
      ],
      ['unknown open orders', { openOrders: undefined }, 'NO_DATA'],
    ],
  ],
  [
    orderSizeRule,
    [
      ['a usual size', {}, undefined],
      ['the largest quantity', { order: { quantity: 50 }, limits: { maxOrderQuantity: 50 } }, undefined],
      ['one more', { order: { quantity: 51 }, limits: { maxOrderQuantity: 50 } }, 'ORDER_QUANTITY'],
      ['the largest value', { limits: { maxOrderNotional: 10_005 } }, undefined],
      ['a value above', { limits: { maxOrderNotional: 10_004.99 } }, 'ORDER_NOTIONAL'],
      [
        'an exit worth more than the limit',
        { holdings: long, order: exit, limits: { maxOrderNotional: 1_000 } },
        undefined,
      ],
      ['no price at all', { market: { lastPrice: null, ask: null, bid: null } }, 'NO_DATA'],
    ],
  ],
  [
    symbolNotionalRule,
    [
      ['nothing held', {}, undefined],
      [
        'held and ordered together too much',
        { holdings: [aHolding(95)], limits: { maxSymbolNotional: 19_000 } },
        'SYMBOL_NOTIONAL',
      ],
      [
        'the other strategies count',
        { holdings: [aHolding(95, 100, { strategy: 'other' })], limits: { maxSymbolNotional: 19_000 } },
        'SYMBOL_NOTIONAL',
      ],
      [
        'pending orders count',
        { openOrders: [anOpenOrder()], limits: { maxSymbolNotional: 19_000 } },
        'SYMBOL_NOTIONAL',
      ],
      [
        'other symbols do not count',
        { holdings: [aHolding(95, 100, { symbol: 'OTHER' })], limits: { maxSymbolNotional: 19_000 } },
        undefined,
      ],
      ['an exit passes', { holdings: long, order: exit, limits: { maxSymbolNotional: 1 } }, undefined],
      ['unknown positions', { holdings: undefined }, 'NO_DATA'],
    ],
  ],
  [
    grossExposureRule,
    [
      ['nothing held', {}, undefined],
      [
        'longs and shorts add up',
        {
          holdings: [aHolding(100, 100, { symbol: 'A' }), aHolding(-100, 100, { symbol: 'B' })],
          marks: new Map([
            ['A', 100],
            ['B', 100],
          ]),
          limits: { maxGrossExposure: 30_000 },
        },
        'GROSS_EXPOSURE',
      ],
      [
        'pending orders count',
        { openOrders: [anOpenOrder({ symbol: 'B' })], limits: { maxGrossExposure: 20_000 } },
        'GROSS_EXPOSURE',
      ],
      [
        'pending exits do not',
        {
          holdings: [aHolding(100, 100, { symbol: 'B' })],
          marks: new Map([['B', 100]]),
          openOrders: [anOpenOrder({ symbol: 'B', side: 'SELL' })],
          limits: { maxGrossExposure: 20_100 },
        },
        undefined,
      ],
      ['a holding without a price', { holdings: [aHolding(1, 100, { symbol: 'B' })] }, 'NO_DATA'],
      [
        'an exit passes even then',
        { holdings: [...long, aHolding(1, 100, { symbol: 'B' })], order: exit },
        undefined,
      ],
    ],
  ],
  [
    buyingPowerRule,
    [
      ['enough cash', {}, undefined],
      ['exactly enough', account({ cash: money('10005') }), undefined],
      ['a rupee short', account({ cash: money('10004') }), 'BUYING_POWER'],
      [
        'cash promised to another order',
        { ...account({ cash: money(15_000) }), openOrders: [anOpenOrder()] },
        'BUYING_POWER',
      ],
      [
        'proceeds of a short are no buying power',
        {
          ...account({ cash: money(25_000) }),
          holdings: [aHolding(-100, 100, { symbol: 'B' })],
          marks: new Map([['B', 100]]),
        },
        'BUYING_POWER',
      ],
      [
        'an exit passes without cash',
        { ...account({ cash: money(0) }), holdings: long, order: exit },
        undefined,
      ],
    ],
  ],
  [
    orderCountRule,
    [
      ['none yet', {}, undefined],
      [
        'as many open as allowed',
        { openOrders: [anOpenOrder()], limits: { maxOpenOrders: 1 } },
        'OPEN_ORDERS',
      ],
      ['as many today as allowed', { ordersToday: 7, limits: { maxOrdersPerDay: 7 } }, 'ORDERS_PER_DAY'],
      ['one fewer today', { ordersToday: 6, limits: { maxOrdersPerDay: 7 } }, undefined],
      [
        'as many this minute as allowed',
        { ordersLastMinute: 3, limits: { maxOrdersPerMinute: 3 } },
        'ORDERS_PER_MINUTE',
      ],
      ['unknown count', { ordersToday: undefined }, 'NO_DATA'],
      [
        'an exit is not held back',
        { ordersToday: 7, limits: { maxOrdersPerDay: 7 }, holdings: long, order: exit },
        undefined,
      ],
    ],
  ],
  [
    dailyLossRule,
    [
      ['no loss', {}, undefined],
      ['a profit', { realizedToday: money(90_000) }, undefined],
      ['a realised loss at the limit', { realizedToday: money(-50_000) }, 'DAILY_LOSS'],
      ['just below it', { realizedToday: money('-49999.99') }, undefined],
      [
        'realised and open loss together',
        { realizedToday: money(-49_000), holdings: [aHolding(100, 110)] },
        'DAILY_LOSS',
      ],
      [
        'an open profit makes up for it',
        { realizedToday: money(-50_500), holdings: [aHolding(100, 90)] },
        undefined,
      ],
      ['unknown result of the day', { realizedToday: undefined }, 'NO_DATA'],
      ['an exit passes', { realizedToday: money(-90_000), holdings: long, order: exit }, undefined],
    ],
  ],
];

describe.each(tables)('$name', (rule, cases) => {
  it.each(cases)('%s', (_title, overrides, code) => {
    const verdict = decide(aContext(overrides), [rule]);
    expect(verdict.code).toBe(code ?? 'APPROVED');
    expect(verdict.approved).toBe(code === undefined);
  });
});
