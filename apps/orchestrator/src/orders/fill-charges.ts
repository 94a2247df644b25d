import { fills, type Queryable } from '@tickbridge/database';
import {
  chargesOfFill,
  chargeTexts,
  type FilledOrder,
  filledBy,
  money,
  moneyText,
  totalOf,
  type TradedPart,
  ZERO,
} from '@tickbridge/trading-core';
import { and, eq, gte, ne, sql } from 'drizzle-orm';
import type { OrderTerms } from '../order-charges/order-charges';
import type { OrderRow } from '../rows/order.rows';

/** Where the charges of a fill come from: the broker named their sum, or they are reckoned where terms are known. */
export type Charging = { readonly named: string } | { readonly terms: OrderTerms | undefined };

/** What of an order was filled before, exact. */
export interface FilledBefore {
  readonly quantity: string;
  readonly value: string;
}

/** How the charges of a fill are stored. */
export type StoredCharges = Pick<typeof fills.$inferSelect, 'fee' | 'charges'>;

/** The charges of an order's fills, one after the other: caps and least amounts are of the order. */
export class FillCharges {
  private order: FilledOrder | undefined;

  constructor(
    private readonly transaction: Queryable,
    private readonly row: Pick<OrderRow, 'id' | 'accountId' | 'symbol' | 'side'>,
    private readonly before: FilledBefore,
  ) {}

  /** Charges of the order's next fill. What nobody knows is booked as nothing and without items, and an alarm says so. */
  async next(fill: TradedPart, charging: Charging): Promise<StoredCharges> {
    const terms = 'terms' in charging ? charging.terms : undefined;
    const order = this.order ?? (await this.begin(terms));
    this.order = filledBy(order, fill);
    if ('named' in charging) return { fee: charging.named, charges: null };
    if (!terms) return { fee: moneyText(ZERO), charges: null };
    const charges = chargesOfFill(order, fill, terms);
    return { fee: moneyText(totalOf(charges)), charges: chargeTexts(charges) };
  }

  private async begin(terms: OrderTerms | undefined): Promise<FilledOrder> {
    const { quantity, value } = this.before;
    return {
      side: this.row.side,
      quantity: money(quantity),
      value: money(value),
      makerValue: ZERO,
      dayCharged: terms !== undefined && (await this.dayCharged(terms)),
    };
  }

  /** Whether another order of the day has carried what is charged once. */
  private async dayCharged({ terms, dayStart }: OrderTerms): Promise<boolean> {
    const { id, accountId, symbol, side } = this.row;
    const items = terms
      .filter((term) => term.oncePerDay && (term.side === undefined || term.side === side))
      .map(({ item }) => item);
    if (items.length === 0) return false;
    const names = sql.join(
      items.map((item) => sql`${item}`),
      sql`, `,
    );
    const carriers = await this.transaction
      .select({ tradeId: fills.tradeId })
      .from(fills)
      .where(
        and(
          eq(fills.accountId, accountId),
          eq(fills.symbol, symbol),
          eq(fills.side, side),
          ne(fills.orderId, id),
          gte(fills.filledAt, new Date(dayStart)),
          sql`jsonb_exists_any(${fills.charges}, array[${names}]::text[])`,
        ),
      )
      .limit(1);
    return carriers.length > 0;
  }
}
