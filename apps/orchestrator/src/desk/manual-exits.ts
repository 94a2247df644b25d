import { Injectable, Logger } from '@nestjs/common';
import {
  MANUAL_STRATEGY,
  type ManualOrder,
  type OrderModification,
  type Position,
  type PositionExits,
} from '@tickbridge/contracts';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { type ExitPrices, exitPriceRefusal } from '@tickbridge/trading-core';
import type { StoredAccount } from '../accounts/account.repository';
import { MarketView } from '../market/market-view';
import { TradingFeeds } from '../market/trading-feeds';
import { ExitLevels } from '../orders/exit-levels';
import { OrderRepository } from '../orders/order.repository';
import { PortfolioService } from '../portfolio/portfolio.service';
import { PositionBook } from '../positions/position-book';
import type { PositionKey } from '../positions/position-lives';
import type { OrderRow } from '../rows/order.rows';
import { bookOf } from './manual-signals';
import { inTurn, TradedAccounts } from './traded-accounts';

/** What an order or a position looks like to the rules of exits. */
type Place = Pick<OrderRow, 'accountId' | 'symbol' | 'side' | 'limitPrice' | 'triggerPrice'>;

/** Stop and target that people give their own positions: with the entry, or afterwards. One position has one pair of them. */
@Injectable()
export class ManualExits {
  private readonly logger = new Logger('Exits');

  constructor(
    private readonly traded: TradedAccounts,
    private readonly orders: OrderRepository,
    private readonly levels: ExitLevels,
    private readonly feeds: TradingFeeds,
    private readonly market: MarketView,
    private readonly book: PositionBook,
    private readonly portfolios: PortfolioService,
  ) {}

  /**
   * Refuses an order whose exits cannot be set, or that would close beside exits that are set; asked in the account's turn.
   *
   * @throws ProblemException 404 or 409
   */
  async assertPlaceable(wish: ManualOrder, account: StoredAccount): Promise<void> {
    if (bookOf(wish) !== MANUAL_STRATEGY) return;
    if (wish.stopLoss === null && wish.takeProfit === null) return this.assertBeside(wish);
    await this.assertOpens(wish);
    await this.assertPrices(wish, wish, account);
  }

  /**
   * Refuses a change that leaves exits at prices they cannot have; asked in the account's turn.
   *
   * @throws ProblemException 404 or 409
   */
  async assertChangeable(order: OrderRow, change: OrderModification, account: StoredAccount): Promise<void> {
    if (order.protective) {
      const message =
        'The platform keeps this stop where its position needs it: change the exits of the position.';
      if (change.quantity !== undefined || change.limitPrice !== undefined) throw impossible(message);
    }
    const named = change.stopLoss !== undefined || change.takeProfit !== undefined;
    const exits = exitsAfter(order, change);
    const some = exits.stopLoss !== null || exits.takeProfit !== null;
    if (named && (order.reduceOnly || order.strategy !== MANUAL_STRATEGY))
      throw impossible('Only an entry of a person has exits that can be changed with it.');
    if (order.strategy !== MANUAL_STRATEGY || !some) return;
    if (named && order.stopLoss === null && order.target === null) await this.assertOpens(order, order.id);
    const limitPrice = change.limitPrice ?? order.limitPrice;
    // What has filled is measured by the market, not by the price it was wished for.
    const place = order.filledQuantity > 0 ? atMarket(order) : { ...order, limitPrice };
    if (named || change.limitPrice !== undefined) await this.assertPrices(place, exits, account);
  }

  /** Gives an entry other exits, and what has filled of it. Called in the account's turn. */
  async change(order: OrderRow, change: OrderModification): Promise<void> {
    if (change.stopLoss === undefined && change.takeProfit === undefined) return;
    const { stopLoss, takeProfit: target } = exitsAfter(order, change);
    await this.levels.set(
      order,
      { stopLoss, target },
      { entryIds: [order.id], held: order.filledQuantity > 0 },
    );
  }

  /** Takes the stop of a person's position away. Called in the account's turn. */
  async dropStop({ accountId, strategy, symbol }: OrderRow): Promise<void> {
    const key = { accountId, strategy, symbol };
    const position = this.book
      .open(accountId)
      .find((row) => row.strategy === strategy && row.symbol === symbol);
    if (!position) return;
    const entryIds = await this.entriesOf(key);
    await this.levels.set(key, { stopLoss: null, target: position.target }, { entryIds, held: true });
  }

  /**
   * Sets the exits of what a person holds.
   *
   * @throws ProblemException 404 for an account or position that is not there, 409 for prices that cannot be set, or while
   *   another order would close the position as well
   */
  async set({ accountId, by, reason, ...wish }: PositionExits): Promise<Position> {
    const { account, trader } = await this.traded.of(accountId);
    const symbol = await this.feeds.of(account.feed).symbolOf(wish.symbol);
    const key = { accountId, strategy: MANUAL_STRATEGY, symbol };
    await inTurn(trader, async () => {
      const held = this.book.quantity(accountId, MANUAL_STRATEGY, symbol);
      if (held === 0) throw unknownPosition(accountId, symbol);
      const side = held > 0 ? 'BUY' : 'SELL';
      const place = { accountId, symbol, side, limitPrice: null, triggerPrice: null } as const;
      const entryIds = await this.entriesOf(key);
      if (wish.stopLoss !== null || wish.takeProfit !== null) {
        await this.assertNoOtherExit(place);
        await this.assertPrices(place, wish, account);
      }
      this.logger.log(`${by} sets exits of ${symbol} on ${accountId}: ${reason}`);
      const { stopLoss, takeProfit: target } = wish;
      await this.levels.set(key, { stopLoss, target }, { entryIds, held: true });
      trader.wake();
    });
    const positions = await this.portfolios.positions({ account: accountId, all: true });
    const position = positions.find((one) => one.symbol === symbol && one.strategy === MANUAL_STRATEGY);
    if (!position) throw unknownPosition(accountId, symbol);
    return position;
  }

  /** Entries of what is held, which show the exits that count: the one that opened it, and those that still work. */
  private async entriesOf(key: PositionKey): Promise<string[]> {
    const opened = this.book.groupId(key.accountId, key.strategy, key.symbol);
    const working = (await this.levels.entries(key)).map(({ id }) => id);
    return [...new Set(opened === undefined ? working : [opened, ...working])];
  }

  /** One pair of exits for one position: nothing is held yet, and no other entry brings a pair along. */
  private async assertOpens(place: Place, except?: string): Promise<void> {
    const { accountId, symbol } = place;
    const key = { accountId, strategy: MANUAL_STRATEGY, symbol };
    const others = (await this.levels.entries(key)).filter(({ id }) => id !== except);
    if (this.book.quantity(accountId, MANUAL_STRATEGY, symbol) !== 0 || others.length > 0) {
      throw new ProblemException(
        409,
        'POSITION_OPEN',
        `A position in ${symbol} is open already, or being opened with exits of its own: set the exits of the position.`,
      );
    }
    await this.assertNoOtherExit(place);
  }

  /** @throws ProblemException 409 while an order of the person rests that would close the position */
  private async assertNoOtherExit({ accountId, symbol, side }: Place): Promise<void> {
    const other = (await this.orders.unfinished(accountId)).find(
      (order) =>
        order.strategy === MANUAL_STRATEGY &&
        order.symbol === symbol &&
        order.side !== side &&
        !order.protective &&
        isResting(order),
    );
    if (!other) return;
    throw new ProblemException(
      409,
      'EXIT_ORDER_WORKING',
      `Order ${other.id} rests and would close the position as well: cancel it first.`,
    );
  }

  /** An order that rests would close the position beside its exits: it could fill together with one of them. */
  private async assertBeside(wish: ManualOrder): Promise<void> {
    if (!isResting(wish)) return;
    const { accountId, symbol, side } = wish;
    const position = this.book
      .open(accountId)
      .find((row) => row.strategy === MANUAL_STRATEGY && row.symbol === symbol);
    const quantity = Number(position?.quantity ?? 0);
    const closes = side === 'SELL' ? quantity > 0 : quantity < 0;
    const isSet = position !== undefined && (position.stopLoss !== null || position.target !== null);
    const entries = await this.levels.entries({ accountId, strategy: MANUAL_STRATEGY, symbol });
    if (!(closes && isSet) && !entries.some((entry) => entry.side !== side)) return;
    throw new ProblemException(
      409,
      'EXITS_SET',
      `Stop or target close the position in ${symbol}: change those, or close it at the market.`,
    );
  }

  private async assertPrices(
    { symbol, side, limitPrice, triggerPrice }: Omit<Place, 'accountId'>,
    exits: ExitPrices,
    account: StoredAccount,
  ): Promise<void> {
    const instrument = await this.feeds.of(account.feed).instrumentOf(symbol);
    if (!instrument) {
      throw new ProblemException(404, 'INSTRUMENT_UNKNOWN', `No list of ${account.feed} has ${symbol}.`);
    }
    const own = [limitPrice, triggerPrice].filter((price) => price !== null);
    const last = this.market.mark(symbol)?.price;
    // A limit that the market has passed fills at the market.
    const passed =
      last !== undefined && limitPrice !== null && (side === 'BUY' ? last < limitPrice : last > limitPrice);
    const market =
      last !== undefined && (own.length === 0 || (passed && triggerPrice === null)) ? [last] : [];
    const references = [...own, ...market];
    if (references.length === 0) {
      throw new ProblemException(409, 'NO_PRICE', `There is no price of ${symbol} to compare with.`);
    }
    const refusal = exitPriceRefusal(exits, side, references, instrument);
    if (refusal) throw new ProblemException(409, refusal.code, refusal.message);
  }
}

function exitsAfter({ stopLoss, target }: OrderRow, change: OrderModification): ExitPrices {
  return {
    stopLoss: change.stopLoss === undefined ? stopLoss : change.stopLoss,
    takeProfit: change.takeProfit === undefined ? target : change.takeProfit,
  };
}

function atMarket(order: OrderRow): OrderRow {
  return { ...order, limitPrice: null, triggerPrice: null };
}

function isResting({ type, timeInForce }: Pick<OrderRow, 'type' | 'timeInForce'>): boolean {
  return type !== 'MARKET' && timeInForce !== 'IOC';
}

function impossible(message: string): ProblemException {
  return new ProblemException(409, 'CHANGE_IMPOSSIBLE', message);
}

function unknownPosition(accountId: string, symbol: string): ProblemException {
  return new ProblemException(
    404,
    'POSITION_UNKNOWN',
    `${accountId} holds nothing of ${symbol} of a person.`,
  );
}
