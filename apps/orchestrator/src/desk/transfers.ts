import { Injectable } from '@nestjs/common';
import { type BookedTransfer, toIso, type Transfer, type TransferKind } from '@tickbridge/contracts';
import { accounts, cashEntries, type Queryable } from '@tickbridge/database';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { money, type Money, moneyText, sumOf } from '@tickbridge/trading-core';
import { eq } from 'drizzle-orm';
import type { StoredAccount } from '../accounts/account.repository';
import { TradingClock } from '../market/trading-clock';
import { TradingFeeds } from '../market/trading-feeds';
import { Settlements } from '../portfolio/settlements';
import { OrderRepository } from '../orders/order.repository';
import { PositionBook } from '../positions/position-book';
import { MarketView } from '../market/market-view';
import { CashEntries, type CashEntry, type NewCashEntry } from '../orders/cash-entries';
import { inTurn, TradedAccounts } from './traded-accounts';

/** Deposits and withdrawals of people, each an entry of cash of its own. */
@Injectable()
export class Transfers {
  constructor(
    private readonly traded: TradedAccounts,
    private readonly entries: CashEntries,
    private readonly feeds: TradingFeeds,
    private readonly clock: TradingClock,
    private readonly settlements: Settlements,
    private readonly positions: PositionBook,
    private readonly orders: OrderRepository,
    private readonly market: MarketView,
  ) {}

  /**
   * Books a transfer once, however often it is sent.
   *
   * @throws ProblemException 404 for an unknown account, 409 for more than there is in settled cash, a day to come and a
   *   requestId of another transfer
   */
  async book(accountId: string, transfer: Transfer): Promise<BookedTransfer> {
    const { account, trader } = await this.traded.of(accountId);
    const now = this.clock.now();
    const { date: today } = this.feeds.of(account.feed).calendar.tradingDay(now);
    const day = transfer.day ?? today;
    if (day > today) {
      throw new ProblemException(409, 'DAY_TO_COME', `${day} is to come: today is ${today}.`);
    }
    const amount = money(transfer.amount).times(transfer.kind === 'deposit' ? 1 : -1);
    const entry: NewCashEntry = {
      accountId,
      kind: transfer.kind,
      amount: moneyText(amount),
      day,
      booked: {},
      stated: {},
      recordedBy: transfer.by,
      reason: transfer.reason,
      recordedAt: new Date(now),
      requestId: transfer.requestId,
    };
    const { known, stored } = await inTurn(trader, () =>
      this.entries.add(accountId, async (transaction) => {
        const earlier = await findByRequest(transaction, transfer.requestId);
        if (earlier) return { entries: [], known: sameOnly(earlier, entry) };
        if (amount.isNegative()) await this.assertCash(transaction, account, amount);
        return { entries: [entry], known: undefined };
      }),
    );
    const [row] = known ? [known] : stored;
    if (!row) throw new Error(`the transfer ${transfer.requestId} was not stored`);
    return toTransfer(row);
  }

  /** What buying power counts beside what is held long: shorts fully backed, their proceeds apart, and orders that open. */
  private async committed(accountId: string): Promise<Money> {
    const held = this.positions.all(accountId);
    const shorts = held
      .filter(({ quantity }) => money(quantity).isNegative())
      .map(({ symbol, quantity, cost }) => {
        const mark = this.market.mark(symbol)?.price;
        // Without a price, what was received for it.
        const value = mark === undefined ? money(cost) : money(quantity).times(mark);
        return value.abs().times(2);
      });
    const opening = (await this.orders.unfinished(accountId)).filter((order) => {
      const own = held.find((row) => row.strategy === order.strategy && row.symbol === order.symbol);
      const quantity = money(own?.quantity ?? 0);
      const reduces = order.side === 'BUY' ? quantity.isNegative() : quantity.gt(0);
      return !order.reduceOnly && !reduces;
    });
    const ordered = opening.map(({ quantity, filledQuantity, limitPrice, decisionPrice }) =>
      money(quantity)
        .minus(filledQuantity)
        .times(limitPrice ?? decisionPrice),
    );
    return sumOf([...shorts, ...ordered]);
  }

  /** @param amount what cash changes by, below zero */
  private async assertCash(transaction: Queryable, account: StoredAccount, amount: Money) {
    const { id, currency } = account;
    const [row] = await transaction.select({ cash: accounts.cash }).from(accounts).where(eq(accounts.id, id));
    const cash = money(row?.cash ?? 0);
    const toCome = (await this.settlements.of(account)).cash;
    const committed = await this.committed(id);
    if (cash.minus(toCome).minus(committed).plus(amount).gte(0)) return;
    const wanted = `${amount.abs().toFixed()} were to go out.`;
    if (cash.minus(toCome).plus(amount).gte(0)) {
      const bound = `${committed.toDecimalPlaces(2).toFixed()} of it back short positions and orders that work`;
      const has = `${id} has ${cash.minus(toCome).toDecimalPlaces(2).toFixed()} ${currency} in settled cash`;
      throw new ProblemException(409, 'CASH_COMMITTED', `${has}, ${bound}, and ${wanted}`);
    }
    if (cash.plus(amount).gte(0)) {
      const unsettled = `${toCome.toDecimalPlaces(2).toFixed()} of it are proceeds of sales that are not settled`;
      const has = `${id} has ${cash.toDecimalPlaces(2).toFixed()} ${currency} in cash`;
      throw new ProblemException(409, 'CASH_NOT_SETTLED', `${has}, ${unsettled}, and ${wanted}`);
    }
    throw new ProblemException(
      409,
      'CASH_TOO_LOW',
      `${id} has ${cash.toDecimalPlaces(2).toFixed()} ${currency} in cash, and ${wanted}`,
    );
  }
}

async function findByRequest(transaction: Queryable, requestId: string): Promise<CashEntry | undefined> {
  const [row] = await transaction.select().from(cashEntries).where(eq(cashEntries.requestId, requestId));
  return row;
}

/** @throws ProblemException 409 when the request was sent for something else */
function sameOnly(known: CashEntry, sent: NewCashEntry): CashEntry {
  const same =
    known.accountId === sent.accountId &&
    known.kind === sent.kind &&
    known.day === sent.day &&
    money(known.amount).eq(sent.amount);
  if (same) return known;
  throw new ProblemException(
    409,
    'REQUEST_ID_REUSED',
    `requestId ${known.requestId} belongs to another transfer: a ${known.kind} of ${money(known.amount).abs().toFixed()} on ${known.day}.`,
  );
}

function toTransfer(row: CashEntry): BookedTransfer {
  return {
    position: row.position,
    accountId: row.accountId,
    requestId: row.requestId ?? '',
    kind: row.kind as TransferKind,
    amount: row.amount,
    day: row.day,
    recordedBy: row.recordedBy,
    reason: row.reason,
    recordedAt: toIso(row.recordedAt.getTime()),
  };
}
