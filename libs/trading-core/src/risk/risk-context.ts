import type {
  BrokerFacts,
  FeedName,
  Instrument,
  MarketSnapshot,
  OrderSide,
  OrderType,
  Product,
  RiskLimits,
  TradingMode,
} from '@tickbridge/contracts';
import type { Money } from '../money/money';
import type { LimitsInForce } from './effective-limits';
import type { VendorStatus } from '../sessions/market-phase';
import type { SessionCalendar } from '../sessions/session-calendar';

/** The order that asks to go. */
export interface RiskOrder {
  /** `null` when a person asks "would this go?" without an order. */
  id: string | null;
  signalId: string;
  accountId: string;
  strategy: string;
  symbol: string;
  /** What it is held as; `undefined` when no instrument tells. */
  product: Product | undefined;
  side: OrderSide;
  type: OrderType;
  quantity: number;
  limitPrice: number | null;
  /** Of stop orders; without it there is none. */
  triggerPrice?: number | null;
  /** True when a person asks for it, not a strategy. */
  byPerson: boolean;
  /** It may bring a position down and do nothing else; absent: it may. */
  reduceOnly?: boolean;
  /** A stop of the platform that protects an open position at the broker; absent: it is none. */
  protective?: boolean;
}

export interface RiskAccount {
  id: string;
  broker: 'paper' | 'sharekhan';
  enabled: boolean;
  /** Real orders may leave only from an armed account. */
  armed: boolean;
  /** The feed whose instruments this account trades. */
  feed: FeedName;
  /** Currency it is kept in. */
  currency: string;
  /** Whether strategies may hold opposite positions of one symbol. */
  netting: boolean;
  cash: Money;
}

/** Open quantity of a strategy in a symbol. */
export interface RiskHolding {
  strategy: string;
  symbol: string;
  /** What it is held as; `null` of positions that were opened before products were known. */
  product: Product | null;
  /** Positive is long, negative is short. */
  quantity: Money;
  cost: Money;
}

/** Another order of the account that may still fill. */
export interface RiskOpenOrder {
  id: string;
  strategy: string;
  symbol: string;
  side: OrderSide;
  /** `null` for market orders. */
  limitPrice: number | null;
  remainingQuantity: number;
  /** A protective stop: it makes way for any other order that closes its position. */
  protective?: boolean;
  /** Price its value is counted at: its limit, or the price it was decided on. */
  price: number;
}

/**
 * Everything the rules look at, gathered before they run.
 *
 * `undefined` means "could not be found out", and the rule that needs it denies.
 */
export interface RiskContext {
  /** Time of the decision (ms since 1970). */
  now: number;
  order: RiskOrder;
  account: RiskAccount | undefined;
  tradingState: { mode: TradingMode; running: boolean } | undefined;
  calendar: SessionCalendar | undefined;
  /** What the vendor of the order's feed says of its market; absent when it said nothing. */
  vendor?: VendorStatus | null;
  limits: RiskLimits | undefined;
  /** Which scope each limit comes from; without it a binding limit counts as a default. */
  limitOrigins?: LimitsInForce['origins'];
  /** `undefined` when the instrument is not known. */
  instrument: Instrument | undefined;
  /** What is known of the account's broker; not needed for paper accounts. */
  broker: BrokerFacts | undefined;
  /** The market as the asking side sees it. */
  market: MarketSnapshot;
  /**
   * The market as the deciding side sees it by itself; `undefined` when it has no price of the symbol,
   * `'same'` in a replay, where both sides can only know the recorded price.
   */
  ownMarket: { lastPrice: number; ageMs: number; tradedAt: number | null } | 'same' | undefined;
  /** Close of the day before; `null` for instruments without a price band and in recordings that do not hold it. */
  previousClose: number | null | undefined;
  /** All open holdings of the account. */
  holdings: readonly RiskHolding[] | undefined;
  /** Prices the holdings are valued at, by symbol. */
  marks: ReadonlyMap<string, number>;
  /** Open orders of the account without the one that asks. */
  openOrders: readonly RiskOpenOrder[] | undefined;
  /** Ids of other orders of the account for the same signal. */
  ordersOfSignal: readonly string[] | undefined;
  /** Ids of other orders of the account for the same strategy, symbol, bar and side. */
  ordersOfBar: readonly string[] | undefined;
  /** Orders sent by the account, without the one that asks. */
  ordersToday: number | undefined;
  /** Those of them in the order's symbol. */
  ordersTodayInSymbol: number | undefined;
  /** Orders made within the last minute. */
  ordersOfMinute: number | undefined;
  /** When they were made (ms since 1970), newest first; of use only when there are as many as may come at once. */
  recentOrderTimes: readonly number[] | undefined;
  /** Equity of the account at the start of the trading day. */
  openingEquity: Money | undefined;
  /** Deposits less withdrawals since the account was opened; absent where there are none, as in a backtest. */
  paidIn?: Money | undefined;
  /** Those since the start of the trading day: neither profit nor loss. */
  paidInToday?: Money | undefined;
  /** Highest equity the account is known to have had: at least the capital it started with; what is paid in moves it along. */
  equityPeak: Money | undefined;
  /** Losing trades in a row of the order's strategy today, and when the last of them was (ms since 1970). */
  losingStreak: { losses: number; lastLossAt: number | null } | undefined;
  /** When the order's strategy left its last position in the symbol (ms since 1970); `null` when it never did. */
  lastExitAt: number | null | undefined;
}
