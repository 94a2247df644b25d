import { Injectable } from '@nestjs/common';
import { feedFacts, type JournalPart, toIso } from '@tickbridge/contracts';
import { csvLine } from '@tickbridge/service-bootstrap';
import { type ClosedLot, lotGain, money, moneyText, taxCategory, taxLots } from '@tickbridge/trading-core';
import type { StoredAccount } from '../accounts/account.repository';
import { TradingFeeds } from '../market/trading-feeds';
import { type JournalFill, JournalReader, type Stretch } from './journal.reader';

/** Days of a journal, both inclusive; absent: without an end. */
export interface JournalDays {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const FIRST_DAY = '1970-01-01';
/** A person may say of any day that money was paid on it. */
const EARLIEST_DAY = '0000-01-01';
const LAST_DAY = '9999-12-30';

const TRADES = [
  ...['day', 'time', 'trade_id', 'order_id', 'broker_order_id', 'symbol', 'product', 'strategy', 'side'],
  ...['quantity', 'price', 'value', 'currency', 'charges'],
] as const;
const LOTS = [
  ...[
    'symbol',
    'product',
    'category',
    'direction',
    'quantity',
    'opened',
    'open_price',
    'closed',
    'close_price',
  ],
  ...['currency', 'gain', 'charges', 'net_gain'],
] as const;
const CASH = [
  ...['day', 'time', 'kind', 'amount', 'currency', 'order_id', 'symbol', 'side', 'recorded_by', 'reason'],
] as const;

/** What was traded, what it cost and what was paid in and out, as lines of CSV by the market's trading days. */
@Injectable()
export class Journal {
  constructor(
    private readonly reader: JournalReader,
    private readonly feeds: TradingFeeds,
  ) {}

  lines(account: StoredAccount, part: JournalPart, days: JournalDays): AsyncGenerator<string> {
    switch (part) {
      case 'trades':
        return this.trades(account, days);
      case 'lots':
        return this.lots(account, days);
      case 'cash':
        return this.cash(account, days);
    }
  }

  /** A line for each fill, with a column for each charge that was booked by item. */
  private async *trades(account: StoredAccount, days: JournalDays): AsyncGenerator<string> {
    const stretch = this.stretch(account, days);
    const items = await this.reader.chargeItems(account.id, stretch);
    yield csvLine([...TRADES, ...items]);
    for await (const fill of this.reader.fills(account.id, stretch)) {
      const { quantity, price, charges } = fill;
      yield csvLine([
        ...[this.dayOf(account, fill), toIso(fill.filledAt.getTime()), fill.tradeId, fill.orderId],
        ...[fill.brokerOrderId, fill.symbol, fill.product, fill.strategy, fill.side],
        ...[quantity, price, moneyText(money(quantity).times(price)), account.currency, fill.fee],
        ...items.map((item) => charges?.[item]),
      ]);
    }
  }

  /**
   * A line for each quantity that was opened and closed again, whichever strategies did: the first in first out. What was
   * opened before the first day is known; only what was closed within the days is told.
   */
  private async *lots(account: StoredAccount, days: JournalDays): AsyncGenerator<string> {
    yield csvLine(LOTS);
    const { to } = this.stretch(account, days);
    const books = new Map<string, JournalFill[]>();
    for await (const fill of this.reader.fills(account.id, { from: 0, to })) {
      const key = JSON.stringify([fill.symbol, fill.product]);
      const book = books.get(key);
      if (book) book.push(fill);
      else books.set(key, [fill]);
    }
    for (const [, book] of [...books].sort(([left], [right]) => (left < right ? -1 : 1))) {
      yield* this.lotsOf(account, book, days.from ?? FIRST_DAY);
    }
  }

  private async *lotsOf(
    account: StoredAccount,
    book: readonly JournalFill[],
    from: string,
  ): AsyncGenerator<string> {
    const [first] = book;
    if (!first) return;
    const { symbol, product } = first;
    const instrument = await this.feeds.of(account.feed).instrumentOf(symbol);
    const inIndia = feedFacts(account.feed).market === 'india';
    const fills = book.map((fill) => ({ ...fill, day: this.dayOf(account, fill) }));
    for (const lot of taxLots(fills, inIndia && instrument?.assetClass === 'stock')) {
      if (lot.closedDay < from) continue;
      const category = taxCategory({ ...lot, product }, instrument, inIndia);
      yield csvLine([symbol, product, category, ...figuresOf(lot, account.currency)]);
    }
  }

  /** A line for each change of cash that is no fill. */
  private async *cash({ id, currency }: StoredAccount, { from, to }: JournalDays): AsyncGenerator<string> {
    yield csvLine(CASH);
    for (const entry of await this.reader.cash(id, from ?? EARLIEST_DAY, to ?? LAST_DAY)) {
      yield csvLine([
        ...[entry.day, toIso(entry.recordedAt.getTime()), entry.kind, entry.amount, currency],
        ...[entry.orderId, entry.symbol, entry.side, entry.recordedBy, entry.reason],
      ]);
    }
  }

  private dayOf({ feed }: StoredAccount, { filledAt }: JournalFill): string {
    return this.feeds.of(feed).calendar.tradingDay(filledAt.getTime()).date;
  }

  private stretch({ feed }: StoredAccount, { from, to }: JournalDays): Stretch {
    const { calendar } = this.feeds.of(feed);
    return {
      from: from === undefined ? 0 : calendar.tradingDayOf(from).start,
      to: calendar.tradingDayOf(to ?? LAST_DAY).end,
    };
  }
}

function figuresOf(lot: ClosedLot, currency: string): string[] {
  const gain = lotGain(lot);
  return [
    ...[lot.direction, moneyText(lot.quantity), lot.openedDay, moneyText(lot.openPrice)],
    ...[lot.closedDay, moneyText(lot.closePrice), currency],
    ...[moneyText(gain), moneyText(lot.charges), moneyText(gain.minus(lot.charges))],
  ];
}
