import { Injectable } from '@nestjs/common';
import type { ComparedCharges, ContractNoteAnswer, ContractNoteImport } from '@tickbridge/contracts';
import { cashEntries, fills, orders, type Queryable } from '@tickbridge/database';
import { ProblemException } from '@tickbridge/service-bootstrap';
import {
  addedTexts,
  calendarOf,
  Calendars,
  moneyText,
  noteDifference,
  sumOf,
  totalOfTexts,
} from '@tickbridge/trading-core';
import { and, eq, gte, lt, sql } from 'drizzle-orm';
import type { StoredAccount } from '../accounts/account.repository';
import { TradingClock } from '../market/trading-clock';
import { TradingFeeds } from '../market/trading-feeds';
import { CashEntries, type NewCashEntry } from '../orders/cash-entries';
import { grainOf, type NoteRow, readContractNote } from './contract-note.csv';
import { inTurn, TradedAccounts } from './traded-accounts';

/** Under this name stand charges of fills whose items were not known. */
const UNITEMISED = 'unitemised';

type EntryRow = typeof cashEntries.$inferSelect;

/** Contract notes of brokers, compared with what was booked: the difference becomes an entry of its own. */
@Injectable()
export class ContractNotes {
  constructor(
    private readonly traded: TradedAccounts,
    private readonly calendars: Calendars,
    private readonly entries: CashEntries,
    private readonly clock: TradingClock,
    private readonly feeds: TradingFeeds,
  ) {}

  /**
   * Books what a note states beyond what is booked, all of it or nothing. The same note again books nothing.
   *
   * @throws ProblemException 400 for what cannot be read, 404 for an unknown account, 409 for a row without fills and
   *   for one that would count a fill again which an earlier note was about in another way
   */
  async take(accountId: string, { csv, by, reason }: ContractNoteImport): Promise<ContractNoteAnswer> {
    const written = readContractNote(csv);
    const { account, trader } = await this.traded.of(accountId);
    const rows = await Promise.all(written.map((row) => this.named(row, account)));
    const signed = { recordedBy: by, reason, recordedAt: new Date(this.clock.now()) };
    const { compared } = await inTurn(trader, () =>
      this.entries.add(accountId, async (transaction) => {
        const compared: ComparedCharges[] = [];
        for (const row of rows) {
          const one = await this.compare(transaction, account, row);
          if (compared.some((other) => scopeOf(other) === scopeOf(one))) throw overlapping(row);
          compared.push(one);
        }
        const entries = compared.filter(({ difference }) => Object.keys(difference).length > 0);
        return { compared, entries: entries.map((one) => ({ ...toEntry(accountId, one), ...signed })) };
      }),
    );
    return { accountId, rows: compared, amount: moneyText(sumOf(compared.map(({ amount }) => amount))) };
  }

  /** Under the platform's name of the instrument, whichever of its names the note uses. */
  private async named(row: NoteRow, { feed }: StoredAccount): Promise<NoteRow> {
    return row.symbol === null ? row : { ...row, symbol: await this.feeds.of(feed).symbolOf(row.symbol) };
  }

  private async compare(
    transaction: Queryable,
    account: StoredAccount,
    row: NoteRow,
  ): Promise<ComparedCharges> {
    const { day, symbol, side, stated } = row;
    const { start, end } = this.calendars.of(calendarOf(account.feed)).tradingDayOf(day);
    const ofDay = [
      eq(fills.accountId, account.id),
      gte(fills.filledAt, new Date(start)),
      lt(fills.filledAt, new Date(end)),
    ];
    const matching = await transaction
      .select({ orderId: fills.orderId, fee: fills.fee, charges: fills.charges })
      .from(fills)
      .innerJoin(orders, eq(orders.id, fills.orderId))
      .where(
        and(
          ...ofDay,
          row.order === null ? undefined : sql`${row.order} in (${orders.brokerOrderId}, ${orders.id}::text)`,
          symbol === null ? undefined : eq(fills.symbol, symbol),
          side === null ? undefined : eq(fills.side, side),
        ),
      );
    const [first] = matching;
    if (!first) throw noFills(row);
    const orderId = row.order === null ? null : first.orderId;
    const earlier = await this.earlier(transaction, account.id, { ...row, orderId });
    const booked = addedTexts([
      ...matching.map(({ fee, charges }) => charges ?? { [UNITEMISED]: fee }),
      ...earlier.map((entry) => noteDifference(entry.booked, entry.stated)),
    ]);
    const difference = noteDifference(booked, stated);
    const amount = moneyText(totalOfTexts(difference).negated());
    return { day, orderId, symbol, side, fills: matching.length, booked, stated, difference, amount };
  }

  /** Entries of earlier notes about the same. @throws ProblemException 409 for those of the day about it in another way */
  private async earlier(
    transaction: Queryable,
    accountId: string,
    { day, order, orderId, symbol, side, line }: NoteRow & { orderId: string | null },
  ): Promise<EntryRow[]> {
    const ofDay = await transaction
      .select()
      .from(cashEntries)
      .where(
        and(
          eq(cashEntries.accountId, accountId),
          eq(cashEntries.day, day),
          eq(cashEntries.kind, 'charge-difference'),
        ),
      );
    const grain = grainOf({ order, symbol, side });
    const other = ofDay.find((entry) => grainOf({ ...entry, order: entry.orderId }) !== grain);
    if (other) throw overlapping({ line, day });
    return ofDay.filter(
      (entry) => entry.orderId === orderId && entry.symbol === symbol && entry.side === side,
    );
  }
}

/** What fills a row is about, whichever names it uses. */
function scopeOf({ day, orderId, symbol, side }: ComparedCharges): string {
  return JSON.stringify([day, orderId, symbol, side]);
}

function overlapping({ line, day }: Pick<NoteRow, 'line' | 'day'>): ProblemException {
  const detail = `Line ${line}: another row, or an earlier note, of ${day} is about the same fills in another way.`;
  return new ProblemException(409, 'NOTE_OVERLAPS', detail);
}

function toEntry(
  accountId: string,
  { day, orderId, symbol, side, booked, stated, amount }: ComparedCharges,
): Omit<NewCashEntry, 'recordedBy' | 'reason' | 'recordedAt'> {
  return { accountId, kind: 'charge-difference', amount, day, orderId, symbol, side, booked, stated };
}

function noFills({ line, day, order, symbol }: NoteRow): ProblemException {
  const what = order === null ? (symbol === null ? 'nothing' : `nothing of ${symbol}`) : `no order ${order}`;
  return new ProblemException(409, 'NOTE_WITHOUT_FILLS', `Line ${line}: ${what} was filled on ${day}.`);
}
