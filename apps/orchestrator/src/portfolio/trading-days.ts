import { Injectable } from '@nestjs/common';
import { type PortfolioDay, toIso } from '@tickbridge/contracts';
import {
  cashEntries,
  Database,
  equitySamples,
  fills,
  openingEquity,
  paidIn,
  portfolioDays,
} from '@tickbridge/database';
import { equityRange, money, moneyText, sumOf, ZERO } from '@tickbridge/trading-core';
import { and, asc, desc, eq, gte, lt, type SQL, sql } from 'drizzle-orm';
import type { StoredAccount } from '../accounts/account.repository';
import { TradingClock } from '../market/trading-clock';
import { TradingFeeds } from '../market/trading-feeds';
import { EquityRepository, WHOLE_ACCOUNT } from './equity.repository';
import { roundForDisplay, roundForDisplayOrNull } from './round-for-display';

/** A day is ended this long after its end: what was booked last is stored by then (milliseconds). */
const ROLL_DELAY_MS = 60_000;

type DayRow = typeof portfolioDays.$inferSelect;

/** What an account's figures of the day are measured from, all of one moment; exact decimal texts. */
export interface DayStart {
  /** Equity that the day began with. */
  readonly opening: string;
  /** Capital and every change of cash that is no fill. */
  readonly cashBesideFills: string;
  /** Deposits less withdrawals since the account was opened, and since the day began. */
  readonly paidIn: string;
  readonly paidInToday: string;
}

/**
 * Trading days of an account: each a function of its fills and equity samples, stored when the day is over.
 *
 * The day is the market's: India's for its exchanges, UTC for crypto. A day without fills and without anything held has
 * no row.
 */
@Injectable()
export class TradingDays {
  /** Start of the day up to which an account was rolled (ms since 1970). */
  private readonly rolled = new Map<string, number>();

  constructor(
    private readonly database: Database,
    private readonly feeds: TradingFeeds,
    private readonly samples: EquityRepository,
    private readonly clock: TradingClock,
  ) {}

  /** Stores every day that is over and has no row yet. Safe to repeat, by any number of processes. */
  async roll(account: StoredAccount): Promise<void> {
    const calendar = this.feeds.of(account.feed).calendar;
    const today = calendar.tradingDayStart(this.clock.now() - ROLL_DELAY_MS);
    if (this.rolled.get(account.id) === today) return;
    let opening = await this.openingOf(account, today);
    for (let at = await this.nextTime(account.id, opening.from); at !== undefined && at < today;) {
      const row = await this.measure(account, calendar.tradingDayStart(at), opening.equity);
      await this.database.orm.insert(portfolioDays).values(row).onConflictDoNothing();
      opening = { from: row.endsAt.getTime(), equity: row.closingEquity };
      at = await this.nextTime(account.id, opening.from);
    }
    this.rolled.set(account.id, today);
  }

  /** Days that are over, newest first, behind the one that goes on. */
  async list(account: StoredAccount, limit: number): Promise<PortfolioDay[]> {
    const today = this.feeds.of(account.feed).calendar.tradingDayStart(this.clock.now());
    const rows = await this.database.orm
      .select()
      .from(portfolioDays)
      .where(and(eq(portfolioDays.accountId, account.id), lt(portfolioDays.startsAt, new Date(today))))
      .orderBy(desc(portfolioDays.startsAt))
      .limit(limit);
    const { opening } = await this.start(account);
    const current = await this.measure(account, today, opening);
    return [toDay(current, false), ...rows.map((row) => toDay(row, true))].slice(0, limit);
  }

  /** What the current day's figures are measured from, as the risk check counts it. */
  async start({ id, feed, capital }: StoredAccount): Promise<DayStart> {
    const today = toIso(this.feeds.of(feed).calendar.tradingDayStart(this.clock.now()));
    const [accountId, dayStart] = [sql`${id}::text`, sql`${today}::timestamptz`];
    const { rows } = await this.database.orm.execute<{ [Name in keyof DayStart]: string | null }>(sql`
      select ${openingEquity(accountId, dayStart)}::text as "opening",
        (${capital}::numeric + (select coalesce(sum(amount), 0) from ${cashEntries}
          where account_id = ${accountId}))::text as "cashBesideFills",
        ${paidIn(accountId)}::text as "paidIn",
        ${paidIn(accountId, { from: dayStart })}::text as "paidInToday"`);
    const [row] = rows;
    return {
      opening: row?.opening ?? capital,
      cashBesideFills: row?.cashBesideFills ?? capital,
      paidIn: row?.paidIn ?? '0',
      paidInToday: row?.paidInToday ?? '0',
    };
  }

  /** A day as its fills and samples give it now. */
  async measure(account: StoredAccount, start: number, opening: string | null): Promise<DayRow> {
    const { date: day, end } = this.feeds.of(account.feed).calendar.tradingDay(start);
    const booked = await this.database.orm
      .select({ realized: fills.realized, fee: fills.fee })
      .from(fills)
      .where(within(account.id, start, end));
    const whole = { accountId: account.id, strategy: WHOLE_ACCOUNT, from: start, to: end };
    const paid = await this.paidIn(account.id, start, end);
    const equities = await this.samples.equities(whole);
    const range =
      equities.length > 0
        ? equityRange(
            equities.map(({ equity }) => equity),
            opening ?? undefined,
          )
        : undefined;
    // What was paid in or out moves the equity, and is no gain to fall from.
    const traded = equities.map((one) => money(one.equity).minus(one.paidIn).plus(paid.before));
    const closing = (await this.flatEquity(account, end)) ?? range?.last ?? null;
    return {
      accountId: account.id,
      day,
      startsAt: new Date(start),
      endsAt: new Date(end),
      openingEquity: opening,
      closingEquity: closing && moneyText(closing),
      highEquity: range ? moneyText(range.high) : null,
      lowEquity: range ? moneyText(range.low) : null,
      maxDrawdown: range ? moneyText(equityRange(traded, opening ?? undefined)?.maxDrawdown ?? ZERO) : null,
      realized: moneyText(sumOf(booked.map(({ realized }) => realized))),
      fees: moneyText(sumOf(booked.map(({ fee }) => fee))),
      paidIn: paid.within,
      fills: booked.length,
    };
  }

  /** Deposits less withdrawals before a stretch of time and within it. */
  private async paidIn(accountId: string, start: number, end: number) {
    const id = sql`${accountId}::text`;
    const [from, to] = [start, end].map((at) => sql`${toIso(at)}::timestamptz`) as [SQL, SQL];
    const { rows } = await this.database.orm.execute<{ before: string; within: string }>(sql`
      select ${paidIn(id, { to: from })}::text as before, ${paidIn(id, { from, to })}::text as within`);
    return rows[0] ?? { before: '0', within: '0' };
  }

  private async openingOf(account: StoredAccount, before: number) {
    const [last] = await this.database.orm
      .select()
      .from(portfolioDays)
      .where(and(eq(portfolioDays.accountId, account.id), lt(portfolioDays.startsAt, new Date(before))))
      .orderBy(desc(portfolioDays.startsAt))
      .limit(1);
    return last
      ? { from: last.endsAt.getTime(), equity: last.closingEquity }
      : { from: 0, equity: account.capital };
  }

  /** Time of the first fill, sample or entry beside the fills from then on. */
  private async nextTime(accountId: string, from: number): Promise<number | undefined> {
    const [fill] = await this.database.orm
      .select({ at: fills.filledAt })
      .from(fills)
      .where(and(eq(fills.accountId, accountId), gte(fills.filledAt, new Date(from))))
      .orderBy(asc(fills.filledAt))
      .limit(1);
    const [sample] = await this.database.orm
      .select({ at: equitySamples.at })
      .from(equitySamples)
      .where(
        and(
          eq(equitySamples.accountId, accountId),
          eq(equitySamples.strategy, WHOLE_ACCOUNT),
          gte(equitySamples.at, new Date(from)),
        ),
      )
      .orderBy(asc(equitySamples.at))
      .limit(1);
    const [entry] = await this.database.orm
      .select({ at: cashEntries.recordedAt })
      .from(cashEntries)
      .where(and(eq(cashEntries.accountId, accountId), gte(cashEntries.recordedAt, new Date(from))))
      .orderBy(asc(cashEntries.recordedAt))
      .limit(1);
    const times = [fill?.at, sample?.at, entry?.at]
      .filter((at) => at !== undefined)
      .map((at) => at.getTime());
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  /** Equity at a time when nothing was held: exact, without any price. `undefined` when something was held. */
  private async flatEquity(account: StoredAccount, end: number) {
    const signed = sql`${fills.quantity}::text::numeric * case when ${fills.side} = 'BUY' then 1 else -1 end`;
    const held = await this.database.orm
      .select({ quantity: sql<string>`sum(${signed})` })
      .from(fills)
      .where(within(account.id, 0, end))
      .groupBy(fills.strategy, fills.symbol);
    if (held.some(({ quantity }) => !money(quantity).isZero())) return undefined;
    const [total] = await this.database.orm
      .select({ profit: sql<string | null>`sum(${fills.realized} - ${fills.fee})` })
      .from(fills)
      .where(within(account.id, 0, end));
    const [beside] = await this.database.orm
      .select({ amount: sql<string | null>`sum(${cashEntries.amount})` })
      .from(cashEntries)
      .where(and(eq(cashEntries.accountId, account.id), lt(cashEntries.recordedAt, new Date(end))));
    return sumOf([account.capital, total?.profit ?? 0, beside?.amount ?? 0]);
  }
}

function within(accountId: string, from: number, to: number) {
  return and(
    eq(fills.accountId, accountId),
    gte(fills.filledAt, new Date(from)),
    lt(fills.filledAt, new Date(to)),
  );
}

function toDay(row: DayRow, closed: boolean): PortfolioDay {
  return {
    accountId: row.accountId,
    day: row.day,
    startsAt: toIso(row.startsAt.getTime()),
    endsAt: toIso(row.endsAt.getTime()),
    closed,
    openingEquity: roundForDisplayOrNull(row.openingEquity),
    closingEquity: roundForDisplayOrNull(row.closingEquity),
    highEquity: roundForDisplayOrNull(row.highEquity),
    lowEquity: roundForDisplayOrNull(row.lowEquity),
    maxDrawdown: roundForDisplayOrNull(row.maxDrawdown),
    realizedProfit: roundForDisplay(row.realized),
    fees: roundForDisplay(row.fees),
    paidIn: roundForDisplay(row.paidIn),
    fills: row.fills,
  };
}
