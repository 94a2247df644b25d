import { Injectable } from '@nestjs/common';
import type { Position } from '@tickbridge/contracts';
import { Database, fills, orders } from '@tickbridge/database';
import {
  DAY_MS,
  type DeliveryFill,
  holdingKey,
  money,
  type Money,
  settledPart,
  unsettled,
  type Unsettled,
} from '@tickbridge/trading-core';
import { and, eq, gte } from 'drizzle-orm';
import type { StoredAccount } from '../accounts/account.repository';
import { TradingClock } from '../market/trading-clock';
import { TradingFeeds } from '../market/trading-feeds';
import type { PositionRow } from '../rows/position.rows';

/** Longer than any market was ever closed between a trade and its settlement (milliseconds). */
const LOOK_BACK_MS = 31 * DAY_MS;

type Settled = Pick<Position, 'settledQuantity' | 'settlesOn'>;

/** What of an account's shares for delivery, and of the cash they brought, is settled. */
@Injectable()
export class Settlements {
  constructor(
    private readonly database: Database,
    private readonly feeds: TradingFeeds,
    private readonly clock: TradingClock,
  ) {}

  async of({ id, feed }: Pick<StoredAccount, 'id' | 'feed'>): Promise<AccountSettlement> {
    const now = this.clock.now();
    const { calendar } = this.feeds.of(feed);
    return new AccountSettlement(unsettled(calendar, await this.fills(id, now - LOOK_BACK_MS), now));
  }

  private async fills(accountId: string, since: number): Promise<DeliveryFill[]> {
    const rows = await this.database.orm
      .select({
        strategy: fills.strategy,
        symbol: fills.symbol,
        side: fills.side,
        quantity: fills.quantity,
        price: fills.price,
        fee: fills.fee,
        filledAt: fills.filledAt,
      })
      .from(fills)
      .innerJoin(orders, eq(orders.id, fills.orderId))
      .where(
        and(
          eq(fills.accountId, accountId),
          gte(fills.filledAt, new Date(since)),
          eq(orders.product, 'delivery'),
        ),
      );
    return rows.map(({ strategy, symbol, filledAt, ...fill }) => ({
      ...fill,
      key: holdingKey(strategy, symbol),
      at: filledAt.getTime(),
    }));
  }
}

/** An account as its settlements leave it at one moment. */
export class AccountSettlement {
  constructor(private readonly open: Unsettled) {}

  /** Proceeds that are still to come. */
  get cash(): Money {
    return this.open.cash;
  }

  position({ strategy, symbol, product, quantity }: PositionRow): Settled {
    if (product !== 'delivery') return { settledQuantity: null, settlesOn: null };
    const obligations = this.open.shares.get(holdingKey(strategy, symbol)) ?? [];
    const settled = settledPart(money(quantity), obligations);
    return { settledQuantity: settled.quantity.toNumber(), settlesOn: settled.settlesOn };
  }
}
