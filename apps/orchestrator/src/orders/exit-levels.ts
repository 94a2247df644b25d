import { Injectable } from '@nestjs/common';
import { SUBJECTS } from '@tickbridge/contracts';
import { Database, orders, positions } from '@tickbridge/database';
import { and, eq, inArray, ne } from 'drizzle-orm';
import { AccountLeases } from '../accounts/account-leases';
import { TradingClock } from '../market/trading-clock';
import { PositionBook } from '../positions/position-book';
import type { PositionKey } from '../positions/position-lives';
import { toOrder } from '../rows/order.rows';
import type { PositionRow } from '../rows/position.rows';
import { OrderRepository } from './order.repository';
import { Outbox } from './outbox';

/** Stop and target of a position; `null` is none. */
export type Levels = Pick<PositionRow, 'stopLoss' | 'target'>;

/** Writes levels that a person sets: those of the position that is held, and of the entries that still work for it. */
@Injectable()
export class ExitLevels {
  constructor(
    private readonly database: Database,
    private readonly leases: AccountLeases,
    private readonly orders: OrderRepository,
    private readonly book: PositionBook,
    private readonly outbox: Outbox,
    private readonly clock: TradingClock,
  ) {}

  /** Entries of the position that are not at their end and bring levels along. */
  async entries({ accountId, strategy, symbol }: PositionKey) {
    return (await this.orders.unfinished(accountId)).filter(
      (order) =>
        order.strategy === strategy &&
        order.symbol === symbol &&
        !order.reduceOnly &&
        (order.stopLoss !== null || order.target !== null),
    );
  }

  /**
   * Sets them on entries and position together, or on nothing; called in the account's turn.
   *
   * @param what entries by id, and whether the position that is held is meant too
   * @throws FencedOffError when another process trades the account by now
   */
  async set(
    key: PositionKey,
    levels: Levels,
    what: { readonly entryIds: readonly string[]; readonly held: boolean },
  ): Promise<void> {
    const change = { ...levels, updatedAt: new Date(this.clock.now()) };
    const { position, news } = await this.database.transactionWithLock(
      (transaction) => this.leases.guard(transaction, key.accountId),
      async (transaction) => {
        const [position] = what.held
          ? await transaction
              .update(positions)
              .set(change)
              .where(
                and(
                  eq(positions.accountId, key.accountId),
                  eq(positions.strategy, key.strategy),
                  eq(positions.symbol, key.symbol),
                  ne(positions.quantity, '0'),
                ),
              )
              .returning()
          : [];
        if (what.entryIds.length === 0) return { position, news: [] };
        // The time of an order's last change says when the broker was told of it: that has not changed.
        const entries = await transaction
          .update(orders)
          .set(levels)
          .where(inArray(orders.id, [...what.entryIds]))
          .returning();
        if (entries.length === 0) return { position, news: [] };
        const told = entries.map((row) => ({ subject: SUBJECTS.orderUpdated, payload: toOrder(row) }));
        return { position, news: await this.outbox.addWith(transaction, [], told) };
      },
    );
    if (position) this.book.put(position);
    this.outbox.tell(news);
  }
}
