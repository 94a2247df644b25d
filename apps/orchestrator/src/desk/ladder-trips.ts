import { Injectable } from '@nestjs/common';
import type { LadderThresholds } from '@tickbridge/contracts';
import { type LadderSettings, ladderTrips } from '@tickbridge/trading-core';
import { AccountLeases } from '../accounts/account-leases';
import { AccountRepository, type StoredAccount } from '../accounts/account.repository';
import { MarketHours } from '../market/market-hours';
import { TradingStateService } from '../trading-state/trading-state.service';
import { LadderThresholdStore } from './ladder-thresholds';
import { type AccountFigures, LadderMeter, type MeasuredAccount } from './ladder.meter';

/** Measures the accounts traded here, and steps down the kill ladder when a figure crosses its threshold. */
@Injectable()
export class LadderTrips {
  constructor(
    private readonly trading: TradingStateService,
    private readonly thresholds: LadderThresholdStore,
    private readonly meter: LadderMeter,
    private readonly leases: AccountLeases,
    private readonly accounts: AccountRepository,
    private readonly hours: MarketHours,
  ) {}

  /** Figures of the accounts traded here. */
  async figures(): Promise<AccountFigures[]> {
    return (await this.measure()).map(({ shown }) => shown);
  }

  /** @returns whether an account's figures moved the ladder */
  async trip(): Promise<boolean> {
    const thresholds = await this.thresholds.read();
    let tripped = false;
    for (const measured of await this.measure((account) =>
      this.hours.ladderActs(account.feed, this.meter.heldBy(account)),
    )) {
      const trips = ladderTrips(measured.figures, settingsOf(thresholds, measured));
      if (trips.length > 0 && (await this.trading.trip(measured.shown.accountId, trips))) tripped = true;
    }
    return tripped;
  }

  private async measure(
    counts: (account: StoredAccount) => boolean = () => true,
  ): Promise<MeasuredAccount[]> {
    const measured: MeasuredAccount[] = [];
    for (const accountId of this.leases.held) {
      const account = await this.accounts.find(accountId);
      if (account && counts(account)) measured.push(await this.meter.measure(account));
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
