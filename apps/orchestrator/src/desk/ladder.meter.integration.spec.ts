import { Logger } from '@nestjs/common';
import {
  accounts,
  cashEntries,
  createTestDatabase,
  Database,
  equityPeaks,
  equitySamples,
  portfolioDays,
  positions,
  type TestDatabase,
} from '@tickbridge/database';
import { money } from '@tickbridge/trading-core';
import fc from 'fast-check';
import type { StoredAccount } from '../accounts/account.repository';
import type { Brokers } from '../brokers/brokers';
import { TradingFeeds } from '../market/trading-feeds';
import type { MarketView } from '../market/market-view';
import { AccountValuer } from '../portfolio/account-valuer';
import { EquityProgress } from '../portfolio/equity.progress';
import { EquityRepository } from '../portfolio/equity.repository';
import { PositionBook } from '../positions/position-book';
import { PositionLives } from '../positions/position-lives';
import { TradingDays } from '../portfolio/trading-days';
import type { FeedSilenceMeter } from './feed-silence.meter';
import { LadderMeter } from './ladder.meter';

const ACCOUNT = 'PAPER_TRADER_001';
const SYMBOL = 'RELIANCE';
/** 11:00 in India. */
const NOW = Date.parse('2026-11-20T05:30:00Z');
const DAY_START = Date.parse('2026-11-19T18:30:00Z');
const HOUR_MS = 3_600_000;

/** What an account went through; all money in whole rupees, so that the expectation is exact. */
const stories = fc.record({
  capital: fc.integer({ min: 1_000, max: 1_000_000 }),
  /** Equities measured on the day before; none for a new account. */
  yesterday: fc.array(fc.integer({ min: 500, max: 1_500_000 }), { maxLength: 4 }),
  dayIsClosed: fc.boolean(),
  cash: fc.integer({ min: -500_000, max: 1_500_000 }),
  quantity: fc.integer({ min: -100, max: 100 }),
  mark: fc.integer({ min: 1, max: 5_000 }),
  /** Paid in today, or out below zero; contained in the cash. */
  paidIn: fc.oneof(fc.constant(0), fc.integer({ min: -400_000, max: 400_000 })),
});

describe('the figures of the kill ladder', () => {
  let test: TestDatabase;
  let database: Database;
  let mark = 1;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    test = await createTestDatabase(process.env['TEST_DATABASE_URL']);
    database = new Database({ value: { url: test.url, applicationName: 'test' } });
    database.onModuleInit();
    await database.whenReady();
  });
  afterAll(async () => {
    await database.onApplicationShutdown();
    await test.drop();
  });

  it('are those of the portfolio page, whatever happened before', async () => {
    const feeds = new TradingFeeds(['truedata']);
    const clock = { now: () => NOW, observe: () => undefined };
    const market = {
      mark: () => ({ price: mark, ageMs: 0 }),
    } as unknown as MarketView;
    const samples = new EquityRepository(database);
    const days = new TradingDays(database, feeds, samples, clock);
    const book = new PositionBook(database, feeds, new PositionLives(database), clock);
    const brokers = { callsOf: () => ({ failed: 0, total: 0 }) } as unknown as Brokers;
    const silence = { of: () => undefined } as unknown as FeedSilenceMeter;
    const valuer = new AccountValuer(book, market);
    const meter = new LadderMeter(database, book, valuer, brokers, days, silence);
    const progress = new EquityProgress(samples, days);

    await fc.assert(
      fc.asyncProperty(stories, async (story) => {
        const account = await store(story);
        mark = story.mark;
        await book.load();
        const { figures } = await meter.measure(account);

        const equity = story.cash + story.quantity * story.mark;
        const opening = story.yesterday.at(-1) ?? story.capital;
        const { paidIn } = story;
        // What is paid in or out is neither profit nor loss, and moves the peak along.
        const peak = Math.max(Math.max(story.capital, ...story.yesterday) + paidIn, equity);
        const percent = peak > 0 ? ((peak - equity) / peak) * 100 : 0;
        expect(figures.dailyLoss).toBeCloseTo(opening + paidIn - equity, 6);
        expect(figures.drawdownPercent).toBeCloseTo(percent, 9);

        const page = await progress.of(account, money(equity));
        expect(Number(page.dayProfit)).toBeCloseTo(equity - opening - paidIn, 6);
        expect(page.drawdownPercent).toBeCloseTo(figures.drawdownPercent ?? Number.NaN, 5);
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  async function store(
    story: typeof stories extends fc.Arbitrary<infer T> ? T : never,
  ): Promise<StoredAccount> {
    const { orm } = database;
    for (const table of [cashEntries, equitySamples, equityPeaks, portfolioDays, positions, accounts])
      await orm.delete(table);
    const [account] = await orm
      .insert(accounts)
      .values({
        id: ACCOUNT,
        broker: 'paper',
        feed: 'truedata',
        currency: 'INR',
        capital: String(story.capital),
        cash: String(story.cash),
      })
      .returning();
    if (!account) throw new Error('the account was not stored');
    await samplesOf(story);
    const peak = Math.max(...story.yesterday);
    // The risk manager keeps a peak once it is above the capital.
    if (peak > story.capital)
      await orm
        .insert(equityPeaks)
        .values({ accountId: ACCOUNT, peak: String(peak), reachedAt: new Date(NOW) });
    await orm.insert(positions).values({
      accountId: ACCOUNT,
      strategy: 'opening-range',
      symbol: SYMBOL,
      quantity: String(story.quantity),
      cost: '0',
      // What the cash was made by.
      realized: String(story.cash - story.capital - story.paidIn),
      fees: '0',
      updatedAt: new Date(DAY_START),
    });
    if (story.paidIn !== 0)
      await orm.insert(cashEntries).values({
        accountId: ACCOUNT,
        kind: story.paidIn > 0 ? 'deposit' : 'withdrawal',
        amount: String(story.paidIn),
        day: '2026-11-20',
        booked: {},
        stated: {},
        recordedBy: 'mira',
        reason: 'a test',
        recordedAt: new Date(NOW - HOUR_MS),
      });
    return account;
  }

  async function samplesOf({
    yesterday,
    dayIsClosed,
    capital,
  }: {
    yesterday: number[];
    dayIsClosed: boolean;
    capital: number;
  }) {
    let peak = capital;
    for (const [index, equity] of yesterday.entries()) {
      peak = Math.max(peak, equity);
      await database.orm.insert(equitySamples).values({
        accountId: ACCOUNT,
        strategy: '',
        equity: String(equity),
        peak: String(peak),
        realized: '0',
        unrealized: '0',
        fees: '0',
        grossExposure: '0',
        netExposure: '0',
        at: new Date(DAY_START - (yesterday.length - index) * HOUR_MS),
      });
    }
    const closing = yesterday.at(-1);
    if (!dayIsClosed || closing === undefined) return;
    await database.orm.insert(portfolioDays).values({
      accountId: ACCOUNT,
      day: '2026-11-19',
      endsAt: new Date(DAY_START),
      startsAt: new Date(DAY_START - 24 * HOUR_MS),
      closingEquity: String(closing),
      realized: '0',
      fees: '0',
      fills: 0,
    });
  }
});
