import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { LadderThresholds } from '@tickbridge/contracts';
import { rootMessage } from '@tickbridge/database';
import { type LadderSettings, ladderTrips } from '@tickbridge/trading-core';
import { AccountLeases } from '../accounts/account-leases';
import { AccountRepository } from '../accounts/account.repository';
import { TradingFeeds } from '../market/trading-feeds';
import { PositionClosing } from '../trading-state/position-closing';
import { StrategyDesk } from '../strategies/strategy-desk';
import { Flattener } from './flattener';
import { type AccountFigures, LadderMeter, type MeasuredAccount } from './ladder.meter';
import { LadderThresholdStore } from './ladder-thresholds';
import { TradingStateService } from '../trading-state/trading-state.service';

/** The ladder is looked at this often: another orchestrator may have been told to move it (milliseconds). */
const REFRESH_MS = 500;
/** The figures are measured at every so many looks. */
const LOOKS_PER_MEASUREMENT = 4;

/** Steps down the kill ladder by itself when a trigger says so, and notices when somebody else has. */
@Injectable()
export class LadderWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('KillLadder');
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private flattening: Promise<void> | undefined;
  private looks = 0;

  constructor(
    private readonly trading: TradingStateService,
    private readonly thresholds: LadderThresholdStore,
    private readonly meter: LadderMeter,
    private readonly leases: AccountLeases,
    private readonly accounts: AccountRepository,
    private readonly feeds: TradingFeeds,
    private readonly closing: PositionClosing,
    private readonly flattener: Flattener,
    private readonly strategies: StrategyDesk,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.looking ??= this.look().finally(() => (this.looking = undefined));
    }, REFRESH_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** Figures of the accounts traded here. */
  async figures(): Promise<AccountFigures[]> {
    return (await this.measure()).map(({ shown }) => shown);
  }

  private async look(): Promise<void> {
    // Nothing is known of the ladder before the loop has read it.
    if (this.trading.current === undefined) return;
    try {
      const { mode } = await this.trading.refresh();
      if (mode === 'FLATTEN') this.flatten();
      if (mode === 'HALTED') await this.flattener.cancelEntries();
      await this.strategies.refresh();
      this.looks += 1;
      if (this.looks % LOOKS_PER_MEASUREMENT === 0) await this.trip();
    } catch (error) {
      this.logger.debug(`the ladder was not looked at: ${rootMessage(error)}`);
    }
  }

  /** Once at a time: a position without a price waits for one, however often it is asked. */
  private flatten(): void {
    this.flattening ??= this.closing.flatten().finally(() => (this.flattening = undefined));
  }

  private async trip(): Promise<void> {
    // A recorded market is a rehearsal: its losses are part of the play.
    if (this.feeds.recorded) return;
    const thresholds = await this.thresholds.read();
    for (const measured of await this.measure()) {
      const trips = ladderTrips(measured.figures, settingsOf(thresholds, measured));
      if (trips.length === 0) continue;
      if (!(await this.trading.trip(measured.shown.accountId, trips))) continue;
      if (this.trading.current?.mode === 'FLATTEN') this.flatten();
    }
  }

  private async measure(): Promise<MeasuredAccount[]> {
    const measured: MeasuredAccount[] = [];
    for (const accountId of this.leases.held) {
      const account = await this.accounts.find(accountId);
      if (account) measured.push(await this.meter.measure(account));
    }
    return measured;
  }
}

/** Thresholds in the account's own money and percent. */
function settingsOf(thresholds: LadderThresholds, { limits }: MeasuredAccount): LadderSettings {
  const { dailyLossPercentOfLimit, drawdownPercentOfLimit, errorRatePercent, minimumCalls, feedAgeMs } =
    thresholds;
  return {
    dailyLoss: scaled(dailyLossPercentOfLimit, limits.maxDailyLoss),
    drawdownPercent: scaled(drawdownPercentOfLimit, limits.maxDrawdownPercent),
    errorRatePercent,
    minimumCalls,
    feedAgeMs,
  };
}

function scaled(percents: LadderThresholds['errorRatePercent'], limit: number) {
  return Object.fromEntries(
    Object.entries(percents).flatMap(([rung, percent]) =>
      percent === undefined ? [] : [[rung, (percent / 100) * limit]],
    ),
  );
}
