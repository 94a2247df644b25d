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
  type Money,
  money,
  valueHoldings,
} from '@tickbridge/trading-core';
import { eq } from 'drizzle-orm';
import type { StoredAccount } from '../accounts/account.repository';
import { Brokers } from '../brokers/brokers';
import { MarketView } from '../market/market-view';
import { toHolding } from '../rows/position.rows';
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
    private readonly market: MarketView,
    private readonly brokers: Brokers,
    private readonly days: TradingDays,
    private readonly silence: FeedSilenceMeter,
  ) {}

  async measure(account: StoredAccount): Promise<MeasuredAccount> {
    const equity = this.equityOf(account);
    const opening = equity && (await this.days.openingEquity(account));
    const lost = equity && opening !== undefined ? dayLoss({ opening, equity }) : undefined;
    const drawdownPercent = equity && drawdown(equity, await this.peakOf(account)).percent;
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

  /** `undefined` while a position has no price. */
  private equityOf({ id, cash }: StoredAccount): Money | undefined {
    const held = this.book.open(id);
    const marked = held.map((row) => ({ ...toHolding(row), mark: this.market.mark(row.symbol)?.price }));
    return valueHoldings(money(cash), marked).equity ?? undefined;
  }

  /** Highest equity seen; an account that has only lost began at its capital. */
  private async peakOf({ id, capital }: StoredAccount): Promise<string> {
    const [row] = await this.database.orm
      .select({ peak: equityPeaks.peak })
      .from(equityPeaks)
      .where(eq(equityPeaks.accountId, id));
    return row?.peak ?? capital;
  }
}
