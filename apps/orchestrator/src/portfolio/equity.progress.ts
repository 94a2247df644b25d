import { Injectable } from '@nestjs/common';
import type { Portfolio } from '@tickbridge/contracts';
import { Money, money } from '@tickbridge/trading-core';
import type { StoredAccount } from '../accounts/account.repository';
import { EquityRepository, WHOLE_ACCOUNT } from './equity.repository';
import { shown, shownOrNull } from './shown';
import { TradingDays } from './trading-days';

/** Where an equity stands against its peak and the start of the day. */
@Injectable()
export class EquityProgress {
  constructor(
    private readonly samples: EquityRepository,
    private readonly days: TradingDays,
  ) {}

  async of(
    account: StoredAccount,
    equity: Money | null,
  ): Promise<Pick<Portfolio, 'peakEquity' | 'drawdownPercent' | 'dayOpeningEquity' | 'dayProfit'>> {
    const known = (await this.samples.peak(account.id, WHOLE_ACCOUNT)) ?? money(account.capital);
    const opening = await this.days.openingEquity(account);
    const peak = equity && Money.max(known, equity);
    const drawdown = equity && peak?.gt(0) ? peak.minus(equity).div(peak).times(100) : null;
    return {
      peakEquity: shownOrNull(peak),
      drawdownPercent: drawdown && drawdown.toDecimalPlaces(6).toNumber(),
      dayOpeningEquity: shownOrNull(opening),
      dayProfit: equity && opening !== null ? shown(equity.minus(opening)) : null,
    };
  }
}
