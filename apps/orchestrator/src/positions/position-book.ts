import { Injectable } from '@nestjs/common';
import type { FeedName, Product } from '@tickbridge/contracts';
import { accounts, cashEntries, Database, paidIn, positions } from '@tickbridge/database';
import {
  averagePrice,
  deterministicId,
  lifeAfter,
  money,
  moneyText,
  NO_LIFE,
  type OpenPosition,
  type PositionLife,
  sumOf,
  ZERO,
} from '@tickbridge/trading-core';
import { eq, inArray, sql } from 'drizzle-orm';
import { Subject } from 'rxjs';
import { TradingClock } from '../market/trading-clock';
import { TradingFeeds } from '../market/trading-feeds';
import { type PositionKey, PositionLives, positionKey } from './position-lives';
import { type PositionRow, toHolding } from '../rows/position.rows';

/** What is known of an account beside its positions. */
interface Owner {
  readonly feed: FeedName;
  readonly capital: string;
  readonly entries: EntrySums;
}

/** Sums of an account's cash entries. */
export interface EntrySums {
  readonly all: string;
  /** Deposits less withdrawals. */
  readonly paidIn: string;
}

/** Positions of the feeds' accounts in memory: what PostgreSQL holds, as of the last committed fill. */
@Injectable()
export class PositionBook {
  /** Positions that a fill has changed. */
  readonly changes$ = new Subject<PositionRow>();
  private readonly rows = new Map<string, PositionRow>();
  private readonly owners = new Map<string, Owner>();
  private lives = new Map<string, PositionLife>();

  constructor(
    private readonly database: Database,
    private readonly feeds: TradingFeeds,
    private readonly stored: PositionLives,
    private readonly clock: TradingClock,
  ) {}

  /** Starts over from PostgreSQL. */
  async load(): Promise<void> {
    const rows = await this.database.orm
      .select({ position: positions })
      .from(positions)
      .innerJoin(accounts, eq(positions.accountId, accounts.id))
      .where(inArray(accounts.feed, [...this.feeds.names]));
    const owners = await this.database.orm
      .select({
        id: accounts.id,
        feed: accounts.feed,
        capital: accounts.capital,
        all: sql<string>`(select coalesce(sum(${cashEntries.amount}), 0)::text from ${cashEntries}
          where ${cashEntries.accountId} = ${accounts.id})`,
        paidIn: sql<string>`${paidIn(sql`${accounts.id}`)}::text`,
      })
      .from(accounts);
    const calendars = new Map(
      owners
        .filter(({ feed }) => this.feeds.names.includes(feed))
        .map(({ id, feed }) => [id, this.feeds.of(feed).calendar]),
    );
    const lives = await this.stored.read(
      rows.map(({ position }) => position),
      calendars,
      this.clock.now(),
    );
    this.rows.clear();
    for (const { position } of rows) this.rows.set(positionKey(position), position);
    for (const { id, feed, capital, ...entries } of owners) this.owners.set(id, { feed, capital, entries });
    this.lives = lives;
  }

  /** Feed of an account's instruments. @throws Error for an account that was not there at the last `load` */
  feedOf(accountId: string): FeedName {
    return this.owner(accountId).feed;
  }

  /** Capital an account was opened with. @throws Error for an account that was not there at the last `load` */
  capitalOf(accountId: string): string {
    return this.owner(accountId).capital;
  }

  /** Capital and every change of cash that is no fill. @throws Error as `capitalOf` */
  cashBesideFills(accountId: string): string {
    const { capital, entries } = this.owner(accountId);
    return moneyText(sumOf([capital, entries.all]));
  }

  /** Deposits less withdrawals. @throws Error as `capitalOf` */
  paidIn(accountId: string): string {
    return this.owner(accountId).entries.paidIn;
  }

  /** A change of cash that is no fill was committed. */
  putCash(accountId: string, entries: EntrySums): void {
    this.owners.set(accountId, { ...this.owner(accountId), entries });
  }

  /** A fill was committed. */
  put(row: PositionRow): void {
    const key = positionKey(row);
    const at = row.updatedAt.getTime();
    const { calendar } = this.feeds.of(this.feedOf(row.accountId));
    const move = {
      before: Number(this.rows.get(key)?.quantity ?? 0),
      after: Number(row.quantity),
      at,
      day: calendar.tradingDayStart(at),
    };
    this.lives.set(key, lifeAfter(this.lives.get(key) ?? NO_LIFE, move));
    this.rows.set(key, row);
    this.changes$.next(row);
  }

  /** Signed open quantity; 0 when there is none. */
  quantity(accountId: string, strategy: string, symbol: string): number {
    return Number(this.rows.get(positionKey({ accountId, strategy, symbol }))?.quantity ?? 0);
  }

  /** What an open position is held as; `undefined` while it is flat. */
  product(accountId: string, strategy: string, symbol: string): Product | undefined {
    return this.rows.get(positionKey({ accountId, strategy, symbol }))?.product ?? undefined;
  }

  /** What the orders of an open position share: the id of the order that opened it; `undefined` while it is flat. */
  groupId(accountId: string, strategy: string, symbol: string): string | undefined {
    const row = this.rows.get(positionKey({ accountId, strategy, symbol }));
    if (!row || money(row.quantity).isZero()) return undefined;
    // Of positions that were opened before it was kept.
    return row.groupId ?? deterministicId('position', accountId, strategy, symbol);
  }

  /** Signed open quantity of a symbol, all strategies of the account together. */
  netQuantity(accountId: string, symbol: string): number {
    return this.all(accountId)
      .filter((row) => row.symbol === symbol)
      .reduce((sum, row) => sum.plus(row.quantity), ZERO)
      .toNumber();
  }

  /** When an account entered and left a symbol for a strategy. */
  life(position: PositionKey): PositionLife {
    return this.lives.get(positionKey(position)) ?? NO_LIFE;
  }

  /** Positions of an account, flat ones with their profit among them. */
  all(accountId: string): PositionRow[] {
    return [...this.rows.values()].filter((row) => row.accountId === accountId);
  }

  /** Open positions, of one account or of all. */
  open(accountId?: string): PositionRow[] {
    return [...this.rows.values()].filter(
      (row) => !money(row.quantity).isZero() && (accountId === undefined || row.accountId === accountId),
    );
  }

  /**
   * Open positions of a symbol as the guard wants them, with the time of their last change (ms since 1970): what the market
   * did before it says nothing about their levels.
   *
   * @param own tells the accounts whose positions are guarded here
   */
  guarded(symbol: string, own: (accountId: string) => boolean): (OpenPosition & { changedAt: number })[] {
    return this.open().flatMap((row) => {
      if (row.symbol !== symbol || !own(row.accountId)) return [];
      const price = averagePrice(toHolding(row));
      if (price === null) return [];
      const { accountId, strategy, product, stopLoss, target } = row;
      return {
        accountId,
        strategy,
        symbol,
        product,
        stopLoss,
        target,
        quantity: Number(row.quantity),
        averagePrice: price.toNumber(),
        changedAt: row.updatedAt.getTime(),
        openedAt: this.life(row).openedAt ?? row.updatedAt.getTime(),
      };
    });
  }

  private owner(accountId: string): Owner {
    const owner = this.owners.get(accountId);
    if (owner) return owner;
    throw new Error(`account ${accountId} is not known here`);
  }
}
