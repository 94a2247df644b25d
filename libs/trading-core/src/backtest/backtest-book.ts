import type { OrderSide, Product, RoundTrip } from '@tickbridge/contracts';
import { lifeAfter, NO_LIFE, type PositionLife } from '../exits/position-life';
import type { OpenPosition } from '../exits/trails';
import { money, type Money, type MoneyInput, ZERO } from '../money/money';
import { applyTrade, averagePrice, EMPTY_HOLDING, type Holding } from '../portfolio/holding';
import { holdingKey, type PortfolioValue, valueHoldings } from '../portfolio/portfolio';
import { type OpenTrip, type PriceRange, toRoundTrip, tripAfter } from '../portfolio/round-trip';
import type { RiskHolding } from '../risk/risk-context';

/** What a fill does to the book. */
export interface BookedTrade {
  strategy: string;
  symbol: string;
  product: Product;
  side: OrderSide;
  quantity: number;
  price: number;
  fee: string;
  /** Levels of the signal; they count when the trade opens a position. */
  stopLoss: number | null;
  target: number | null;
  /** Time of the fill (ms since 1970). */
  at: number;
  /** Start of the trading day of that time. */
  day: number;
}

interface Entry {
  strategy: string;
  symbol: string;
  product: Product;
  holding: Holding;
  stopLoss: number | null;
  target: number | null;
  life: PositionLife;
  trip: OpenTrip | undefined;
  /** Prices since the trip began; `null` before its first bar. */
  range: PriceRange | null;
}

/** What a trade made of the book. */
export interface Booked {
  /** Profit of the quantity the trade closed, before its fee; `null` when it closed nothing. */
  realized: Money | null;
  /** Profit of the round trip that it ended, after every charge; `null` when it ended none. */
  tripNet: Money | null;
  /** Set when the position is flat now. */
  roundTrip: RoundTrip | undefined;
}

/** Cash and positions of the account that a backtest pretends to have. */
export class BacktestBook {
  private readonly entries = new Map<string, Entry>();
  private readonly held = new Map<string, Entry>();
  private money: Money;
  realized = ZERO;
  fees = ZERO;

  constructor(
    private readonly accountId: string,
    readonly capital: MoneyInput,
  ) {
    this.money = money(capital);
  }

  get cash(): Money {
    return this.money;
  }

  get openPositions(): number {
    return this.held.size;
  }

  /** Prices that a symbol had while a bar lasted, for what was held through all of it. */
  observe(symbol: string, { high, low, openTime }: PriceRange & { openTime: number }): void {
    for (const entry of this.held.values()) {
      if (entry.symbol !== symbol || !entry.trip || openTime < entry.trip.openedAt) continue;
      const { range } = entry;
      entry.range = range
        ? { high: Math.max(range.high, high), low: Math.min(range.low, low) }
        : { high, low };
    }
  }

  book(trade: BookedTrade): Booked {
    const key = holdingKey(trade.strategy, trade.symbol);
    const before = this.entries.get(key);
    const held = before?.holding ?? EMPTY_HOLDING;
    const effect = applyTrade(held, trade);
    const flat = effect.holding.quantity.isZero();
    const opens = held.quantity.isZero();
    const levels = opens ? trade : (before ?? trade);
    const { open: trip, closed } = tripAfter(before?.trip, trade);
    const entry: Entry = {
      strategy: trade.strategy,
      symbol: trade.symbol,
      product: opens ? trade.product : (before?.product ?? trade.product),
      holding: effect.holding,
      stopLoss: flat ? null : levels.stopLoss,
      target: flat ? null : levels.target,
      life: lifeAfter(before?.life ?? NO_LIFE, {
        before: held.quantity.toNumber(),
        after: effect.holding.quantity.toNumber(),
        at: trade.at,
        day: trade.day,
      }),
      trip,
      range: closed ? null : (before?.range ?? null),
    };
    this.entries.set(key, entry);
    if (flat) this.held.delete(key);
    else this.held.set(key, entry);
    this.money = this.money.plus(effect.cash);
    this.realized = this.realized.plus(effect.realized);
    this.fees = this.fees.plus(trade.fee);
    const closes = !opens && held.quantity.isPositive() !== (trade.side === 'BUY');
    const own = { accountId: this.accountId, strategy: trade.strategy, symbol: trade.symbol };
    return {
      realized: closes ? effect.realized : null,
      tripNet: effect.tripNet,
      roundTrip: closed && toRoundTrip(own, closed, before?.range ?? null),
    };
  }

  /** Signed open quantity. */
  quantity(strategy: string, symbol: string): number {
    return this.held.get(holdingKey(strategy, symbol))?.holding.quantity.toNumber() ?? 0;
  }

  /** What a strategy's open position is held as. */
  product(strategy: string, symbol: string): Product | undefined {
    return this.held.get(holdingKey(strategy, symbol))?.product;
  }

  life(strategy: string, symbol: string): PositionLife {
    return this.entries.get(holdingKey(strategy, symbol))?.life ?? NO_LIFE;
  }

  /** When the strategy left the symbol, if it holds nothing there (ms since 1970). */
  lastExitAt(strategy: string, symbol: string): number | null {
    const { openedAt, lastExitAt } = this.life(strategy, symbol);
    return openedAt === null ? lastExitAt : null;
  }

  /** Open positions of a symbol, for the guard. */
  open(symbol: string): OpenPosition[] {
    return [...this.held.values()].flatMap(({ holding, life, ...entry }) => {
      const price = averagePrice(holding);
      if (entry.symbol !== symbol || price === null || life.openedAt === null) return [];
      return {
        ...entry,
        accountId: this.accountId,
        quantity: holding.quantity.toNumber(),
        averagePrice: price.toNumber(),
        openedAt: life.openedAt,
      };
    });
  }

  holdings(): RiskHolding[] {
    return [...this.held.values()].map(({ strategy, symbol, product, holding: { quantity, cost } }) => ({
      strategy,
      symbol,
      product,
      quantity,
      cost,
    }));
  }

  value(markOf: (symbol: string) => number | undefined): PortfolioValue {
    const marked = [...this.held.values()].map(({ symbol, holding: { quantity, cost } }) => ({
      quantity,
      cost,
      mark: markOf(symbol),
    }));
    return valueHoldings(this.money, marked);
  }
}
