import { Injectable } from '@nestjs/common';
import type { LadderAnswer } from '@tickbridge/contracts';
import { Database, equityPeaks, selectScopedLimits } from '@tickbridge/database';
import {
  type Currency,
  dayLoss,
  DEFAULT_LIMITS,
  drawdown,
  effectiveLimits,
  type LadderFigures,
  money,
} from '@tickbridge/trading-core';
import { eq } from 'drizzle-orm';
import type { StoredAccount } from '../accounts/account.repository';
import { Brokers } from '../brokers/brokers';
import { AccountValuer } from '../portfolio/account-valuer';
import { PositionBook } from '../positions/position-book';
import { TradingDays } from '../portfolio/trading-days';
import { FeedSilenceMeter } from './feed-silence.meter';

export type AccountFigures = LadderAnswer['figures'][number];

/** An account's figures as the triggers of the ladder look at them, with the limits they are measured by. */
export interface MeasuredAccount {
  shown: AccountFigures;
  figures: LadderFigures;
  limits: { maxDailyLoss: number; maxDrawdownPercent: number };
}

/** Measures what may trip the ladder. What is not known is left out, not guessed. */
@Injectable()
export class LadderMeter {
  constructor(
    private readonly database: Database,
    private readonly book: PositionBook,
    private readonly valuer: AccountValuer,
    private readonly brokers: Brokers,
    private readonly days: TradingDays,
    private readonly silence: FeedSilenceMeter,
  ) {}

  async measure(account: StoredAccount): Promise<MeasuredAccount> {
    const peak = await this.peakOf(account);
    const { opening, cashBesideFills, paidIn, paidInToday } = await this.days.start(account);
    // Cash and holdings of one moment: what was read a moment before a fill would look like a loss.
    const equity = this.valuer.account(account.id, cashBesideFills)?.equity;
    const lost = equity && dayLoss({ opening, equity, transfers: paidInToday });
    const drawdownPercent = equity && drawdown(equity, money(peak).plus(paidIn)).percent;
    const calls = this.brokers.callsOf(account.id);
    const feedAgeMs = this.silence.of(account.feed);
    const { maxDailyLoss, maxDrawdownPercent } = effectiveLimits(
      DEFAULT_LIMITS[account.currency as Currency],
      await selectScopedLimits(this.database.orm),
      { accountId: account.id },
    );
    const figures = { dailyLoss: lost?.toNumber(), drawdownPercent, brokerCalls: calls, feedAgeMs };
    return {
      figures,
      limits: { maxDailyLoss, maxDrawdownPercent },
      shown: {
        accountId: account.id,
        dailyLoss: figures.dailyLoss ?? null,
        drawdownPercent: drawdownPercent ?? null,
        failedCalls: calls.failed,
        calls: calls.total,
        feedAgeMs: feedAgeMs ?? null,
      },
    };
  }

  /** Symbols that the account holds. */
  heldBy({ id }: StoredAccount): string[] {
    return this.book.open(id).map(({ symbol }) => symbol);
  }

  /** Highest equity seen, money paid in and out left out; an account that has only lost began at its capital. */
  private async peakOf({ id, capital }: StoredAccount): Promise<string> {
    const [row] = await this.database.orm
      .select({ peak: equityPeaks.peak })
      .from(equityPeaks)
      .where(eq(equityPeaks.accountId, id));
    return row?.peak ?? capital;
  }
}
