import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { money } from '../../money/money';
import { aPair, aShare } from '../../testing/instruments';
import { aContext, aHolding, anOpenOrder, NOON_MS } from '../../testing/risk-context';
import type { VendorStatus } from '../../sessions/market-phase';
import { decide } from '../decide';
import { DENIAL_CODES } from '../denial-codes';
import type { RiskAccount, RiskContext } from '../risk-context';
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
import { triggerRule } from './trigger.rule';
import { priceFreshRule } from './price-fresh.rule';
import { selfCrossRule } from './self-cross.rule';
import { sessionRule } from './session.rule';
import { symbolNotionalRule } from './symbol-notional.rule';
import { tradedTodayRule } from './traded-today.rule';
import { tradingStateRule } from './trading-state.rule';

import { brokerListingRule } from './broker-listing.rule';
import { brokerReadyRule } from './broker-ready.rule';
import { instrumentRule } from './instrument.rule';
import { lotAndTickRule } from './lot-and-tick.rule';
import { freezeQuantityRule } from './freeze-quantity.rule';
import { priceBandRule } from './price-band.rule';
import { marketQuoteRule } from './market-quote.rule';
import { exchangeSizeRule } from './exchange-size.rule';
import { exitPauseRule } from './exit-pause.rule';
import { positionQuantityRule } from './position-quantity.rule';
import { oppositePositionRule } from './opposite-position.rule';
import { productRule } from './product.rule';
import { shortSaleRule } from './short-sale.rule';
import { strategyCapitalRule } from './strategy-capital.rule';
import { netExposureRule } from './net-exposure.rule';
import { submitRateRule } from './submit-rate.rule';
import { drawdownRule } from './drawdown.rule';
import { reduceOnlyRule } from './reduce-only.rule';
import { losingStreakRule } from './losing-streak.rule';

type Overrides = Parameters<typeof aContext>[0];
/** Case: title, what differs from an order that may go, expected code (`undefined`: no objection). */
type Case = [title: string, overrides: Overrides, code: string | undefined];

const account = (values: Partial<NonNullable<RiskContext['account']>>): Overrides => {
  const base = aContext().account;
  if (!base) throw new Error('the sample context has an account');
  return { account: { ...base, ...values } };
};
const real = (broker?: RiskContext['broker']): Overrides => ({
  ...account({ broker: 'sharekhan', armed: true }),
  broker,
});
const listed = (listing: NonNullable<RiskContext['broker']>['listing']) =>
  real({ token: 'valid', reachable: true, listing });
const spent = account({ cash: money(970_000) });
const crypto = aPair('BTCUSDT');
const smallMarket = aShare('ACME', { maxQuantity: 1_000, maxMarketQuantity: 99 });
const dear = aShare('ACME', { minNotional: 10_006, minNotionalAppliesToMarket: true });
const contract = (multiplier: number | null) =>
  aShare('ACME', { derivative: { kind: 'future', underlying: 'X', expiry: null, strike: null, multiplier } });
const seen = (tradedAt: number | null) => ({ lastPrice: 100, ageMs: 200, tradedAt });
const onlyOwned = aShare('ACME', { products: ['delivery'], shortProducts: [] });
const long = [aHolding(100)];
const exit = { side: 'SELL', quantity: 100 } as const;
const vendor = (state: VendorStatus['state'], at: string): VendorStatus => ({
  state,
  since: Date.parse(at),
  saidAt: Date.parse(at),
});

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
      [
        'halted, a stop protects a position',
        {
          tradingState: { mode: 'HALTED', running: true },
          holdings: long,
          order: { ...exit, protective: true },
        },
        undefined,
      ],
      [
        'halted, a stop of more than is held',
        {
          tradingState: { mode: 'HALTED', running: true },
          holdings: long,
          order: { ...exit, quantity: 101, protective: true },
        },
        'TRADING_HALTED',
      ],
      [
        'halted, a person brings a position down',
        {
          tradingState: { mode: 'HALTED', running: true },
          holdings: [aHolding(100, 100, { strategy: 'manual' })],
          order: { ...exit, strategy: 'manual', byPerson: true },
        },
        undefined,
      ],
      [
        'halted, a person brings down what strategies hold of the symbol',
        {
          tradingState: { mode: 'HALTED', running: true },
          holdings: long,
          order: { ...exit, strategy: 'manual', byPerson: true },
        },
        undefined,
      ],
      [
        'halted, a person wants more than is held',
        {
          tradingState: { mode: 'HALTED', running: true },
          holdings: long,
          order: { side: 'SELL', quantity: 101, strategy: 'manual', byPerson: true },
        },
        'TRADING_HALTED',
      ],
      [
        'halted, a person opens a position',
        { tradingState: { mode: 'HALTED', running: true }, order: { strategy: 'manual', byPerson: true } },
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
      ['in the pre-open', { now: Date.parse('2026-11-20T09:05:00+05:30') }, 'SESSION_CLOSED'],
      ['in the closing session', { now: Date.parse('2026-11-20T15:45:00+05:30') }, 'SESSION_CLOSED'],
      ['on a holiday', { now: Date.parse('2026-11-24T11:00:00+05:30') }, 'SESSION_CLOSED'],
      ['on a Sunday with a session', { now: Date.parse('2026-02-01T11:00:00+05:30') }, undefined],
      ['on a Muhurat evening', { now: Date.parse('2024-11-01T18:30:00+05:30') }, undefined],
      ['ten minutes before its end', { now: Date.parse('2024-11-01T18:50:00+05:30') }, 'AFTER_CUTOFF'],
      ['past the horizon', { now: Date.parse('2027-01-04T11:00:00+05:30') }, 'SESSION_UNKNOWN'],
      [
        'past the horizon, a vendor who says open',
        { now: Date.parse('2027-01-04T11:00:00+05:30'), vendor: vendor('open', '2027-01-04T10:59:30+05:30') },
        'SESSION_UNKNOWN',
      ],
      [
        'within the session, a vendor who says closed',
        { vendor: { state: 'closed', since: NOON_MS - 30_000, saidAt: NOON_MS - 30_000 } },
        'SESSION_CLOSED',
      ],
      [
        'within the session, a vendor who said closed long ago',
        { vendor: { state: 'closed', since: NOON_MS - 600_000, saidAt: NOON_MS - 600_000 } },
        undefined,
      ],
      [
        'on a holiday, a vendor who says open',
        { now: Date.parse('2026-11-24T11:00:00+05:30'), vendor: vendor('open', '2026-11-24T10:59:30+05:30') },
        undefined,
      ],
      [
        'at night, a vendor who says open',
        { now: Date.parse('2026-11-20T20:00:00+05:30'), vendor: vendor('open', '2026-11-20T19:59:30+05:30') },
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
      [
        'fresh there, stale here',
        { ownMarket: { lastPrice: 100, ageMs: 6_000, tradedAt: NOON_MS } },
        'STALE_PRICE',
      ],
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
      ['a purchase that waits far below', { order: { type: 'LIMIT', limitPrice: 90 } }, undefined],
      ['a sale that waits far above', { order: { side: 'SELL', type: 'LIMIT', limitPrice: 130 } }, undefined],
      [
        'a sale far below',
        { order: { side: 'SELL', type: 'LIMIT', limitPrice: 96.99 } },
        'LIMIT_OUTSIDE_COLLAR',
      ],
      [
        'a stop-limit near its far trigger',
        { order: { type: 'STOP_LIMIT', triggerPrice: 110, limitPrice: 113 } },
        undefined,
      ],
      [
        'a stop-limit far beyond its trigger',
        { order: { type: 'STOP_LIMIT', triggerPrice: 110, limitPrice: 114 } },
        'LIMIT_OUTSIDE_COLLAR',
      ],
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
      [
        'another price here',
        { ownMarket: { lastPrice: 96, ageMs: 10, tradedAt: NOON_MS } },
        'PRICES_DISAGREE',
      ],
      ['a replay', { ownMarket: 'same' }, undefined],
      ['no last price', { market: { lastPrice: null } }, 'NO_DATA'],
    ],
  ],
  [
    triggerRule,
    [
      ['no stop order', {}, undefined],
      ['a purchase that waits above', { order: { type: 'STOP', triggerPrice: 100.05 } }, undefined],
      ['a purchase at the last price', { order: { type: 'STOP', triggerPrice: 100 } }, 'TRIGGER_REACHED'],
      ['a purchase below it', { order: { type: 'STOP', triggerPrice: 98 } }, 'TRIGGER_REACHED'],
      ['a sale that waits below', { order: { side: 'SELL', type: 'STOP', triggerPrice: 95 } }, undefined],
      ['a sale above', { order: { side: 'SELL', type: 'STOP', triggerPrice: 105 } }, 'TRIGGER_REACHED'],
      [
        'a stop-limit below',
        { order: { type: 'STOP_LIMIT', triggerPrice: 98, limitPrice: 99 } },
        'TRIGGER_REACHED',
      ],
      ['a stop that is awake', { order: { type: 'STOP', triggerPrice: null } }, undefined],
      [
        'a limit that its trigger has passed',
        { order: { type: 'STOP_LIMIT', triggerPrice: 102, limitPrice: 101 } },
        'LIMIT_BEFORE_TRIGGER',
      ],
      [
        'the same where the exchange takes it',
        { instrument: crypto, order: { type: 'STOP_LIMIT', triggerPrice: 102, limitPrice: 101 } },
        undefined,
      ],
      ['no last price', { market: { lastPrice: null }, order: { type: 'STOP', triggerPrice: 1 } }, 'NO_DATA'],
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
      [
        'an exit larger than the limit',
        { holdings: long, order: exit, limits: { maxOrderQuantity: 10 } },
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
        'as many in the symbol today as allowed',
        { ordersTodayInSymbol: 3, limits: { maxOrdersPerSymbol: 3 } },
        'ORDERS_PER_SYMBOL',
      ],
      ['unknown count in the symbol', { ordersTodayInSymbol: undefined }, 'NO_DATA'],
      ['unknown count', { ordersToday: undefined }, 'NO_DATA'],
      [
        'an exit is not held back',
        { ordersToday: 7, limits: { maxOrdersPerDay: 7 }, holdings: long, order: exit },
        undefined,
      ],
    ],
  ],
  [
    reduceOnlyRule,
    [
      ['a strategy', {}, undefined],
      ['a person, under the own name', { order: { strategy: 'manual', byPerson: true } }, undefined],
      [
        "a person brings a strategy's position down",
        { holdings: long, order: { ...exit, byPerson: true } },
        undefined,
      ],
      [
        "a person adds to a strategy's position",
        { holdings: long, order: { byPerson: true } },
        'WOULD_NOT_REDUCE',
      ],
      [
        'a person names a strategy that holds nothing, against what another holds',
        { holdings: [aHolding(100, 100, { strategy: 'other' })], order: { ...exit, byPerson: true } },
        'WOULD_NOT_REDUCE',
      ],
      [
        'a person turns it round',
        { holdings: long, order: { side: 'SELL', quantity: 101, byPerson: true } },
        'WOULD_NOT_REDUCE',
      ],
      ['an exit of what is held', { holdings: long, order: { ...exit, reduceOnly: true } }, undefined],
      ['an exit of nothing', { order: { ...exit, reduceOnly: true } }, 'WOULD_NOT_REDUCE'],
      [
        'an exit beside a protective stop, which makes way',
        {
          holdings: long,
          order: { ...exit, reduceOnly: true },
          openOrders: [anOpenOrder({ side: 'SELL', remainingQuantity: 100, protective: true })],
        },
        undefined,
      ],
      [
        'a protective stop beside another',
        {
          holdings: long,
          order: { ...exit, reduceOnly: true, protective: true },
          openOrders: [anOpenOrder({ side: 'SELL', remainingQuantity: 100, protective: true })],
        },
        'WOULD_NOT_REDUCE',
      ],
      [
        'an exit beside another that closes all of it',
        {
          holdings: long,
          order: { ...exit, reduceOnly: true },
          openOrders: [anOpenOrder({ side: 'SELL', remainingQuantity: 100 })],
        },
        'WOULD_NOT_REDUCE',
      ],
    ],
  ],
  [
    dailyLossRule,
    [
      ['no loss', {}, undefined],
      ['a profit', { openingEquity: money(910_000) }, undefined],
      ['a loss at the limit', { openingEquity: money(1_050_000) }, 'DAILY_LOSS'],
      ['just below it', { openingEquity: money('1049999.99') }, undefined],
      [
        'a day that lost 60,000 of what earlier days had gained and left open',
        { openingEquity: money(1_070_000), holdings: [aHolding(100, 0)] },
        'DAILY_LOSS',
      ],
      [
        'a day that gained, on a position that lost more on earlier days',
        { openingEquity: money(979_000), holdings: [aHolding(100, 800)], ...spent },
        undefined,
      ],
      ['an unknown start of the day', { openingEquity: undefined }, 'NO_DATA'],
      ['an exit passes', { openingEquity: money(1_200_000), holdings: long, order: exit }, undefined],
    ],
  ],
  [
    brokerReadyRule,
    [
      ['a paper account, whatever is known of brokers', {}, undefined],
      ['an unknown account', { account: undefined }, 'NO_DATA'],
      ['a real account of whose broker nothing is known', real(), 'NO_DATA'],
      ['a valid token and a broker that answers', real({ token: 'valid', reachable: true }), undefined],
      ['a token that expires soon', real({ token: 'expiring', reachable: true }), undefined],
      ['an expired token', real({ token: 'expired', reachable: true }), 'TOKEN_INVALID'],
      ['a token the broker refused', real({ token: 'rejected', reachable: true }), 'TOKEN_INVALID'],
      ['no token', real({ token: 'none', reachable: null }), 'TOKEN_INVALID'],
      ['a broker that does not answer', real({ token: 'valid', reachable: false }), 'BROKER_UNREACHABLE'],
      ['a broker never reached', real({ token: 'valid', reachable: null }), 'BROKER_UNREACHABLE'],
    ],
  ],
  [
    brokerListingRule,
    [
      ['a paper account', {}, undefined],
      ['a broker whose list was not read', real({ token: 'valid', reachable: true }), undefined],
      ['a symbol that the broker does not list', listed(null), 'NOT_LISTED_AT_BROKER'],
      ['a symbol it lists without figures', listed({ lotSize: null, tickSize: null }), undefined],
      [
        "less than the broker's lot",
        { ...listed({ lotSize: 25, tickSize: null }), order: { quantity: 10 } },
        'LOT_SIZE',
      ],
      ['two of its lots', { ...listed({ lotSize: 25, tickSize: null }), order: { quantity: 50 } }, undefined],
      [
        'a limit between its price steps',
        { ...listed({ lotSize: 1, tickSize: 0.05 }), order: { type: 'LIMIT', limitPrice: 100.01 } },
        'TICK_SIZE',
      ],
      [
        'a trigger between them',
        { ...listed({ lotSize: 1, tickSize: 0.05 }), order: { type: 'STOP', triggerPrice: 100.01 } },
        'TICK_SIZE',
      ],
      [
        'a limit on them',
        { ...listed({ lotSize: 1, tickSize: 0.05 }), order: { type: 'LIMIT', limitPrice: 100.05 } },
        undefined,
      ],
    ],
  ],
  [
    instrumentRule,
    [
      ['a symbol with a price here', {}, undefined],
      ['a symbol never seen here', { ownMarket: undefined }, 'UNKNOWN_INSTRUMENT'],
      ['an instrument nobody described', { instrument: undefined }, 'UNKNOWN_INSTRUMENT'],
      ['a replay', { ownMarket: 'same' }, undefined],
      ['one that its exchange halted', { instrument: aShare('ACME', { status: 'halted' }) }, 'NOT_TRADING'],
      ['one that left its list', { instrument: aShare('ACME', { status: 'delisted' }) }, 'NOT_TRADING'],
      ['an index', { instrument: aShare('NIFTY', { assetClass: 'index', products: [] }) }, 'NOT_TRADABLE'],
      ['a contract whose unit is worth more', { instrument: contract(100) }, 'NO_DATA'],
      ['a contract of unknown worth', { instrument: contract(null) }, 'NO_DATA'],
      ['a contract of one piece each', { instrument: contract(1) }, undefined],
      ['a pair in an account of rupees', { instrument: crypto }, 'WRONG_CURRENCY'],
    ],
  ],
  [
    exchangeSizeRule,
    [
      ['an order as any other', {}, undefined],
      ['less than the least', { instrument: aShare('ACME', { minQuantity: 101 }) }, 'MIN_QUANTITY'],
      ['the least', { instrument: aShare('ACME', { minQuantity: 100 }) }, undefined],
      ['more than the most', { instrument: aShare('ACME', { maxQuantity: 99 }) }, 'MAX_QUANTITY'],
      ['more than a market order may be', { instrument: smallMarket }, 'MAX_QUANTITY'],
      ['as a limit order', { instrument: smallMarket, order: { type: 'LIMIT', limitPrice: 100 } }, undefined],
      ['worth too little', { instrument: dear }, 'MIN_NOTIONAL'],
      ['an exit worth too little', { instrument: dear, holdings: long, order: exit }, 'MIN_NOTIONAL'],
      [
        'at market, where the least value binds limits only',
        { instrument: { ...dear, minNotionalAppliesToMarket: false } },
        undefined,
      ],
      ['an unknown instrument', { instrument: undefined }, 'NO_DATA'],
    ],
  ],
  [
    shortSaleRule,
    [
      ['a purchase', { instrument: onlyOwned }, undefined],
      ['a sale of what can be borrowed', { order: { side: 'SELL' } }, undefined],
      ['a sale of what cannot', { instrument: onlyOwned, order: { side: 'SELL' } }, 'SHORT_NOT_ALLOWED'],
      ['a sale of what is held', { instrument: onlyOwned, holdings: long, order: exit }, undefined],
      [
        'a sale of more than is held',
        { instrument: onlyOwned, holdings: long, order: { side: 'SELL', quantity: 101 } },
        'SHORT_NOT_ALLOWED',
      ],
      ['INFY for delivery', { order: { side: 'SELL', product: 'delivery' } }, 'SHORT_NOT_ALLOWED'],
      [
        'BTC on the spot market',
        { instrument: crypto, order: { side: 'SELL', product: 'spot' } },
        'SHORT_NOT_ALLOWED',
      ],
      ['BTC on margin', { instrument: crypto, order: { side: 'SELL', product: 'margin' } }, undefined],
      ['an unknown instrument', { instrument: undefined, order: { side: 'SELL' } }, 'NO_DATA'],
    ],
  ],
  [
    productRule,
    [
      ['what is offered', {}, undefined],
      ['for delivery', { order: { product: 'delivery' } }, undefined],
      ['what is not offered', { order: { product: 'spot' } }, 'PRODUCT_NOT_OFFERED'],
      ['more of what is held', { holdings: long }, undefined],
      [
        'as another product than it is held',
        { holdings: long, order: { product: 'delivery' } },
        'PRODUCT_MISMATCH',
      ],
      ['an exit as another', { holdings: long, order: { ...exit, product: 'delivery' } }, 'PRODUCT_MISMATCH'],
      [
        "beside another strategy's",
        { holdings: [aHolding(100, 100, { strategy: 'other' })], order: { product: 'delivery' } },
        undefined,
      ],
      ['no product', { order: { product: undefined } }, 'NO_DATA'],
    ],
  ],
  [
    oppositePositionRule,
    [
      ['while nobody holds the symbol', { order: { side: 'SELL' } }, undefined],
      ['with another strategy', { holdings: [aHolding(100, 100, { strategy: 'other' })] }, undefined],
      [
        'against another strategy',
        { holdings: [aHolding(100, 100, { strategy: 'other' })], order: { side: 'SELL' } },
        'OPPOSITE_POSITION',
      ],
      ['against its short', { holdings: [aHolding(-100, 100, { strategy: 'other' })] }, 'OPPOSITE_POSITION'],
      ['out of an own position', { holdings: long, order: exit }, undefined],
      [
        'against it where strategies may',
        {
          account: { ...(aContext().account as RiskAccount), netting: true },
          holdings: [aHolding(-100, 100, { strategy: 'other' })],
        },
        undefined,
      ],
    ],
  ],
  [
    lotAndTickRule,
    [
      ['whole shares', {}, undefined],
      ['half a share', { order: { quantity: 10.5 } }, 'LOT_SIZE'],
      ['a crypto lot', { instrument: crypto, order: { quantity: 0.00007 } }, undefined],
      ['less than a crypto lot', { instrument: crypto, order: { quantity: 0.000075 } }, 'LOT_SIZE'],
      ['a limit on the step', { order: { type: 'LIMIT', limitPrice: 250.01 } }, 'TICK_SIZE'],
      ['a limit on the coarser step', { order: { type: 'LIMIT', limitPrice: 250.05 } }, undefined],
      ['a trigger off the step', { order: { type: 'STOP', triggerPrice: 250.01 } }, 'TICK_SIZE'],
      ['a trigger on it', { order: { type: 'STOP', triggerPrice: 250.05 } }, undefined],
      ['a cheap share', { order: { type: 'LIMIT', limitPrice: 99.99 } }, undefined],
      ['a dear share', { order: { type: 'LIMIT', limitPrice: 20_003 } }, 'TICK_SIZE'],
      ['an unknown instrument', { instrument: undefined }, 'NO_DATA'],
      ['a lot nobody stated', { instrument: aShare('ACME', { quantityStep: null }) }, 'NO_DATA'],
      [
        'a step nobody stated',
        { instrument: aShare('ACME', { priceSteps: null }), order: { type: 'LIMIT', limitPrice: 100 } },
        'NO_DATA',
      ],
    ],
  ],
  [
    freezeQuantityRule,
    [
      ['a usual quantity', {}, undefined],
      ['exactly as much as the exchange takes', { limits: { freezeQuantity: 100 } }, undefined],
      ['one more', { limits: { freezeQuantity: 99 } }, 'FREEZE_QUANTITY'],
      ['an exit too', { holdings: long, order: exit, limits: { freezeQuantity: 99 } }, 'FREEZE_QUANTITY'],
      [
        'more than its exchange takes',
        { instrument: aShare('ACME', { freezeQuantity: 99 }) },
        'FREEZE_QUANTITY',
      ],
      ['no limits', { limits: undefined }, 'NO_DATA'],
    ],
  ],
  [
    priceBandRule,
    [
      ['near the previous close', {}, undefined],
      ['a quote above the band', { previousClose: 80 }, 'PRICE_BAND'],
      ['a limit at the band', { previousClose: 100, order: { type: 'LIMIT', limitPrice: 120 } }, undefined],
      ['a limit below it', { previousClose: 100, order: { type: 'LIMIT', limitPrice: 79.99 } }, 'PRICE_BAND'],
      ['an unknown previous close', { previousClose: undefined }, 'NO_DATA'],
      ['a recording without the day before', { previousClose: null }, undefined],
      ['an instrument without a band', { instrument: crypto, previousClose: undefined }, undefined],
    ],
  ],
  [
    tradedTodayRule,
    [
      ['traded a moment ago', {}, undefined],
      ['traded at the opening', { ownMarket: seen(Date.parse('2026-11-20T03:45:00Z')) }, undefined],
      ['traded yesterday', { ownMarket: seen(Date.parse('2026-11-19T09:59:59Z')) }, 'NOT_TRADED_YET'],
      ['told by a summary alone', { ownMarket: seen(null) }, 'NOT_TRADED_YET'],
      ['a limit order', { ownMarket: seen(null), order: { type: 'LIMIT', limitPrice: 100 } }, undefined],
      ['a recording', { ownMarket: 'same' }, undefined],
      ['no price here', { ownMarket: undefined }, 'NO_DATA'],
      ['no calendar', { calendar: undefined }, 'NO_DATA'],
    ],
  ],
  [
    marketQuoteRule,
    [
      ['a quote on both sides', {}, undefined],
      ['a purchase without an ask', { market: { ask: null } }, 'NO_QUOTE'],
      ['a purchase without a bid', { market: { bid: null } }, undefined],
      ['a sale without a bid', { order: { side: 'SELL' }, market: { bid: null } }, 'NO_QUOTE'],
      [
        'a limit order without a quote',
        { order: { type: 'LIMIT', limitPrice: 100 }, market: { ask: null } },
        undefined,
      ],
      ['a recording without quotes', { ownMarket: 'same', market: { ask: null } }, undefined],
    ],
  ],
  [
    exitPauseRule,
    [
      ['never left', {}, undefined],
      ['left a moment ago', { lastExitAt: NOON_MS - 1_000 }, 'EXIT_PAUSE'],
      ['left as long ago as it takes', { lastExitAt: NOON_MS - 60_000 }, undefined],
      ['no pause wanted', { lastExitAt: NOON_MS, limits: { exitPauseMs: 0 } }, undefined],
      ['an exit', { lastExitAt: NOON_MS - 1, holdings: long, order: exit }, undefined],
      ['an exit in the future of a recording', { lastExitAt: NOON_MS + 1 }, undefined],
      ['unknown history', { lastExitAt: undefined }, 'NO_DATA'],
    ],
  ],
  [
    positionQuantityRule,
    [
      ['nothing held', { limits: { maxPositionQuantity: 100 } }, undefined],
      ['one held', { holdings: [aHolding(1)], limits: { maxPositionQuantity: 100 } }, 'POSITION_QUANTITY'],
      [
        'another strategy holds the other side',
        { holdings: [aHolding(-1, 100, { strategy: 'other' })], limits: { maxPositionQuantity: 100 } },
        'POSITION_QUANTITY',
      ],
      [
        'one ordered',
        { openOrders: [anOpenOrder({ remainingQuantity: 1 })], limits: { maxPositionQuantity: 100 } },
        'POSITION_QUANTITY',
      ],
      [
        'another symbol',
        { holdings: [aHolding(9, 100, { symbol: 'B' })], limits: { maxPositionQuantity: 100 } },
        undefined,
      ],
      ['an exit', { holdings: long, order: exit, limits: { maxPositionQuantity: 1 } }, undefined],
      ['unknown positions', { holdings: undefined }, 'NO_DATA'],
    ],
  ],
  [
    strategyCapitalRule,
    [
      ['nothing held', { limits: { maxStrategyNotional: 10_005 } }, undefined],
      [
        'other symbols of the strategy count',
        {
          holdings: [aHolding(1, 100, { symbol: 'B' })],
          marks: new Map([['B', 100]]),
          limits: { maxStrategyNotional: 10_005 },
        },
        'STRATEGY_CAPITAL',
      ],
      [
        'its open orders count',
        { openOrders: [anOpenOrder({ symbol: 'B' })], limits: { maxStrategyNotional: 20_000 } },
        'STRATEGY_CAPITAL',
      ],
      [
        'other strategies do not',
        { holdings: [aHolding(100, 100, { strategy: 'other' })], limits: { maxStrategyNotional: 10_005 } },
        undefined,
      ],
      ['an exit', { holdings: long, order: exit, limits: { maxStrategyNotional: 1 } }, undefined],
    ],
  ],
  [
    netExposureRule,
    [
      ['nothing held', { limits: { maxNetExposure: 10_005 } }, undefined],
      ['too much of one side', { limits: { maxNetExposure: 10_004 } }, 'NET_EXPOSURE'],
      ['too much short', { order: { side: 'SELL' }, limits: { maxNetExposure: 9_000 } }, 'NET_EXPOSURE'],
      [
        'shorts make room for longs',
        {
          holdings: [aHolding(-100, 100, { symbol: 'B' })],
          marks: new Map([['B', 100]]),
          limits: { maxNetExposure: 100 },
        },
        undefined,
      ],
      [
        'open orders count',
        { openOrders: [anOpenOrder({ symbol: 'B' })], limits: { maxNetExposure: 20_000 } },
        'NET_EXPOSURE',
      ],
      [
        'an order that lessens an excess may go',
        {
          holdings: [aHolding(-300, 100, { symbol: 'B' })],
          marks: new Map([['B', 100]]),
          limits: { maxNetExposure: 100 },
        },
        undefined,
      ],
      ['unknown open orders', { openOrders: undefined }, 'NO_DATA'],
    ],
  ],
  [
    submitRateRule,
    [
      ['no orders yet', {}, undefined],
      [
        'as many this minute as allowed',
        { ordersOfMinute: 3, recentOrderTimes: [1, 2, 3], limits: { maxOrdersPerMinute: 3 } },
        'ORDERS_PER_MINUTE',
      ],
      [
        'a burst that empties the bucket',
        { ordersOfMinute: 2, recentOrderTimes: [NOON_MS, NOON_MS], limits: { maxOrderBurst: 2 } },
        'SUBMIT_RATE',
      ],
      [
        'the last token',
        { ordersOfMinute: 1, recentOrderTimes: [NOON_MS], limits: { maxOrderBurst: 2 } },
        undefined,
      ],
      [
        'half a token brought back',
        { ordersOfMinute: 1, recentOrderTimes: [NOON_MS - 250], limits: { maxOrderBurst: 1 } },
        'SUBMIT_RATE',
      ],
      [
        'a token brought back',
        { ordersOfMinute: 1, recentOrderTimes: [NOON_MS - 500], limits: { maxOrderBurst: 1 } },
        undefined,
      ],
      [
        'an exit',
        {
          ordersOfMinute: 2,
          recentOrderTimes: [1, 2],
          limits: { maxOrdersPerMinute: 1 },
          holdings: long,
          order: exit,
        },
        undefined,
      ],
      ['an unknown number of orders', { ordersOfMinute: undefined }, 'NO_DATA'],
      [
        'fewer orders than may come at once, at unknown times',
        { ordersOfMinute: 1, recentOrderTimes: undefined, limits: { maxOrderBurst: 2 } },
        undefined,
      ],
      [
        'as many orders as may come at once, at unknown times',
        { ordersOfMinute: 2, recentOrderTimes: undefined, limits: { maxOrderBurst: 2 } },
        'NO_DATA',
      ],
    ],
  ],
  [
    drawdownRule,
    [
      ['never above its capital', {}, undefined],
      ['an account that has only lost', { ...account({ cash: money(899_999) }) }, 'DRAWDOWN'],
      ['at the peak', { equityPeak: money(1_000_000) }, undefined],
      ['a tenth below it', { equityPeak: money('1111111.2') }, 'DRAWDOWN'],
      ['a little less', { equityPeak: money(1_111_000) }, undefined],
      [
        'losses of what is held count',
        { equityPeak: money(1_100_000), holdings: [aHolding(100, 300)], ...spent },
        'DRAWDOWN',
      ],
      ['an exit', { equityPeak: money(9_000_000), holdings: long, order: exit }, undefined],
      ['an unknown peak', { equityPeak: undefined }, 'NO_DATA'],
    ],
  ],
  [
    losingStreakRule,
    [
      ['no loss', {}, undefined],
      ['one loss fewer', { losingStreak: { losses: 9, lastLossAt: NOON_MS } }, undefined],
      [
        'the last of ten losses just now',
        { losingStreak: { losses: 10, lastLossAt: NOON_MS - 1 } },
        'LOSING_STREAK',
      ],
      ['the pause is over', { losingStreak: { losses: 10, lastLossAt: NOON_MS - 600_000 } }, undefined],
      [
        'an exit',
        { losingStreak: { losses: 10, lastLossAt: NOON_MS }, holdings: long, order: exit },
        undefined,
      ],
      ['unknown trades', { losingStreak: undefined }, 'NO_DATA'],
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

describe('the codes of denials', () => {
  it('are those that the tables above meet, and each is explained', () => {
    const met = new Set(tables.flatMap(([, cases]) => cases.map(([, , code]) => code)));
    expect(DENIAL_CODES.filter((code) => code !== 'CHECK_FAILED' && !met.has(code))).toEqual([]);
    expect(
      [...met].filter((code) => code !== undefined && !DENIAL_CODES.some((one) => one === code)),
    ).toEqual([]);
    const page = readFileSync(join(__dirname, '../../../../../docs/risk.md'), 'utf8');
    expect(DENIAL_CODES.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
  });
});
