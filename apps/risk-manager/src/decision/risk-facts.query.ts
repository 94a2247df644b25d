import type { FeedName, OrderSide, Product, RiskLimits, RiskScope, TradingMode } from '@tickbridge/contracts';
import {
  accounts,
  equityPeaks,
  fills,
  type InstrumentRow,
  instruments,
  openingEquity,
  orderCounts,
  orders,
  paidIn,
  positions,
  riskLimits,
  signals,
  statement,
  tradingState,
} from '@tickbridge/database';
import { TERMINAL_STATUSES } from '@tickbridge/trading-core';
import { desc, type SQL, sql } from 'drizzle-orm';

/** Orders that never left the house; they count for nothing. */
const NEVER_SENT = ['Denied', 'Rejected'] as const;

/** What is asked for; times are ISO 8601. */
export interface RiskFactsKey extends Record<string, unknown> {
  feed: FeedName;
  accountId: string;
  strategy: string;
  symbol: string;
  side: OrderSide;
  signalId: string;
  /** The order that asks, which does not count; `null` when there is none. */
  orderId: string | null;
  /** Bar of the signal; `null` when it is that of the stored signal. */
  barTime: string | null;
  dayStart: string;
  minuteAgo: string;
  now: string;
}

/** A row of an instrument as JSON carries it. */
export type StoredInstrument = Pick<InstrumentRow, 'feed' | 'symbol' | 'status' | 'source' | 'details'> & {
  asOf: string;
};

/** What PostgreSQL knows of an order that asks; exact decimals are texts, times are ms since 1970. */
export interface StoredRiskFacts {
  account: {
    id: string;
    broker: 'paper' | 'sharekhan';
    enabled: boolean;
    armed: boolean;
    feed: FeedName;
    currency: string;
    netting: boolean;
    capital: string;
    cash: string;
    /** Highest equity seen, money paid in and out left out; `null` before the first time. */
    peak: string | null;
    /** Equity at the start of the day. */
    openingEquity: string;
    /** Deposits less withdrawals: of all time, and of the day. */
    paidIn: string;
    paidInToday: string;
    /** The kill ladder; `null` before its first row. */
    mode: TradingMode | null;
    running: boolean | null;
  } | null;
  /** As the lists of the feed have it; `null` when none has it. */
  instrument: StoredInstrument | null;
  /** Open positions of the account, and the strategy's own in the symbol though it be flat. */
  positions: {
    strategy: string;
    symbol: string;
    product: Product | null;
    quantity: string;
    cost: string;
    updatedAt: number;
  }[];
  /** Orders of the account that are open, or belong to the same signal or bar. */
  orders: {
    id: string;
    strategy: string;
    symbol: string;
    side: OrderSide;
    limitPrice: number | null;
    decisionPrice: number;
    quantity: number;
    filledQuantity: number;
    protective: boolean;
    isOpen: boolean;
    isOfSignal: boolean;
    isOfBar: boolean;
  }[];
  /** Strategy of the stored signal; `null` when there is none. */
  signalStrategy: string | null;
  /** False when neither the question nor a stored signal names the bar. */
  barIsKnown: boolean;
  /** Orders sent since the start of the day, those in the symbol, and those of the last minute. */
  counts: { today: number; inSymbol: number; ofMinute: number };
  /** Round trips of the strategy that ended today with a loss, since the last that ended with a profit. */
  results: { losses: number; lastLossAt: number | null };
  /** Limits of the scopes that apply, newest first. */
  limits: { scopeKind: RiskScope['kind']; scopeKey: string; limits: Partial<RiskLimits> }[];
}

const given = {
  feed: sql`${sql.placeholder('feed')}::text`,
  accountId: sql`${sql.placeholder('accountId')}::text`,
  strategy: sql`${sql.placeholder('strategy')}::text`,
  symbol: sql`${sql.placeholder('symbol')}::text`,
  side: sql`${sql.placeholder('side')}::text`,
  signalId: sql`${sql.placeholder('signalId')}::uuid`,
  orderId: sql`${sql.placeholder('orderId')}::uuid`,
  barTime: sql`${sql.placeholder('barTime')}::timestamptz`,
  dayStart: sql`${sql.placeholder('dayStart')}::timestamptz`,
  minuteAgo: sql`${sql.placeholder('minuteAgo')}::timestamptz`,
  now: sql`${sql.placeholder('now')}::timestamptz`,
};
// As literals: an index of the open orders is only used where its own condition stands.
const terminal = literals(TERMINAL_STATUSES);
const neverSent = literals(NEVER_SENT);

const account = sql`(
  select json_build_object(
    'id', a.id, 'broker', a.broker, 'enabled', a.enabled, 'armed', a.armed, 'feed', a.feed,
    'currency', a.currency, 'netting', a.netting, 'capital', a.capital::text, 'cash', a.cash::text, 'peak', p.peak::text,
    'openingEquity', ${openingEquity(given.accountId, given.dayStart)}::text,
    'paidIn', ${paidIn(given.accountId)}::text,
    'paidInToday', ${paidIn(given.accountId, { from: given.dayStart })}::text,
    'mode', s.mode, 'running', s.running)
  from ${accounts} a
    left join ${equityPeaks} p on p.account_id = a.id
    left join ${tradingState} s on true
  where a.id = ${given.accountId})`;

const instrument = sql`(
  select json_build_object('feed', feed, 'symbol', symbol, 'status', status, 'source', source,
    'asOf', as_of, 'details', details)
  from ${instruments} where feed = ${given.feed} and symbol = ${given.symbol})`;

const held = sql`(
  select coalesce(json_agg(json_build_object(
    'strategy', strategy, 'symbol', symbol, 'product', product, 'quantity', quantity::text, 'cost', cost::text,
    'updatedAt', ${epochMs('updated_at')})), '[]')
  from ${positions}
  where account_id = ${given.accountId}
    and (quantity <> 0 or (strategy = ${given.strategy} and symbol = ${given.symbol})))`;

const isOfBar = sql`(strategy = ${given.strategy} and symbol = ${given.symbol} and side = ${given.side}
  and bar_time = bar.at and status not in ${neverSent})`;

const related = sql`(
  select coalesce(json_agg(json_build_object(
    'id', id, 'strategy', strategy, 'symbol', symbol, 'side', side, 'limitPrice', limit_price,
    'decisionPrice', decision_price, 'quantity', quantity, 'filledQuantity', filled_quantity,
    'protective', protective,
    'isOpen', status not in ${terminal}, 'isOfSignal', signal_id = ${given.signalId},
    'isOfBar', coalesce(${isOfBar}, false))), '[]')
  from ${orders}
  where account_id = ${given.accountId} and id is distinct from ${given.orderId}
    and (status not in ${terminal} or signal_id = ${given.signalId} or ${isOfBar}))`;

const countOf = (symbol: SQL) => sql`(
  select coalesce(sum(c.orders), 0) from ${orderCounts} c
  where c.account_id = ${given.accountId} and c.symbol = ${symbol}
    and c.quarter >= ${given.dayStart} and c.quarter <= ${given.now})`;

const counts = sql`(
  select json_build_object(
    'today', ${countOf(sql`''`)} - asking.counted, 'inSymbol', ${countOf(given.symbol)} - asking.counted,
    'ofMinute', (select count(*) from ${orders}
      where ${sentSince(given.dayStart)} and created_at > ${given.minuteAgo}))
  from (
    select count(*) as counted from ${orders}
    where id = ${given.orderId} and account_id = ${given.accountId} and created_at >= ${given.dayStart}
      and status not in ${neverSent}
  ) asking)`;

const ofToday = sql`account_id = ${given.accountId} and strategy = ${given.strategy}
  and filled_at >= ${given.dayStart} and filled_at <= ${given.now}`;

const results = sql`(
  select json_build_object('losses', count(*), 'lastLossAt', ${epochMs('max(filled_at)')})
  from ${fills} lost left join lateral (
    select filled_at as at, position as place from ${fills} where ${ofToday} and trip_net > 0
    order by filled_at desc, position desc limit 1
  ) won on true
  where ${ofToday} and trip_net < 0
    and (won.at is null or lost.filled_at >= won.at and lost.position > won.place))`;

const limits = sql`(
  select coalesce(json_agg(json_build_object(
    'scopeKind', scope_kind, 'scopeKey', scope_key, 'limits', limits) order by changed_at desc), '[]')
  from ${riskLimits}
  where (scope_kind, scope_key) in (
    ('global', ''), ('account', ${given.accountId}), ('strategy', ${given.strategy}),
    ('symbol', ${given.symbol})))`;

/** Everything at one moment, in one round trip. */
export const selectRiskFacts = statement((database) =>
  database
    .select({
      account: sql<StoredRiskFacts['account']>`${account}`,
      instrument: sql<StoredRiskFacts['instrument']>`${instrument}`,
      positions: sql<StoredRiskFacts['positions']>`${held}`,
      orders: sql<StoredRiskFacts['orders']>`${related}`,
      signalStrategy: sql<string | null>`(select strategy from ${signals} where id = ${given.signalId})`,
      barIsKnown: sql<boolean>`bar.at is not null`,
      counts: sql<StoredRiskFacts['counts']>`${counts}`,
      results: sql<StoredRiskFacts['results']>`${results}`,
      limits: sql<StoredRiskFacts['limits']>`${limits}`,
    })
    .from(
      sql`(select coalesce(${given.barTime},
        (select bar_time from ${signals} where id = ${given.signalId})) as at) bar`,
    )
    .prepare('risk_facts'),
);

/** When the orders of the last minute were made (ms since 1970), newest first. */
export const selectOrderTimes = statement((database) =>
  database
    .select({ at: sql<number>`${epochMs('created_at')}::float8` })
    .from(orders)
    .where(sql`${sentSince(given.dayStart)} and created_at > ${given.minuteAgo}`)
    .orderBy(desc(orders.createdAt))
    .prepare('order_times'),
);

/** Orders of the account that left the house from then on, without the one that asks. */
function sentSince(time: SQL) {
  return sql`account_id = ${given.accountId} and id is distinct from ${given.orderId}
    and created_at >= ${time} and created_at <= ${given.now} and status not in ${neverSent}`;
}

/** By floating point, which is exact to the microsecond and several times as fast as `extract`. */
function epochMs(time: string) {
  return sql.raw(`(date_part('epoch', ${time}) * 1000)::bigint`);
}

function literals(values: readonly string[]) {
  return sql.raw(`(${values.map((value) => `'${value}'`).join(', ')})`);
}
