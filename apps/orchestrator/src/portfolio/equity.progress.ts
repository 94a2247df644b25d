import { Injectable } from '@nestjs/common';
import type { Portfolio } from '@tickbridge/contracts';
import { dayProfit, drawdown, type Money, money } from '@tickbridge/trading-core';
import type { StoredAccount } from '../accounts/account.repository';
import { EquityRepository, WHOLE_ACCOUNT } from './equity.repository';
import { roundForDisplay, roundForDisplayOrNull } from './round-for-display';
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
  ): Promise<
    Pick<Portfolio, 'paidIn' | 'peakEquity' | 'drawdownPercent' | 'dayOpeningEquity' | 'dayProfit'>
  > {
    const known = (await this.samples.peak(account.id, WHOLE_ACCOUNT)) ?? money(account.capital);
    const { opening, paidIn, paidInToday } = await this.days.start(account);
    const fall = equity && drawdown(equity, known.plus(paidIn));
    return {
      paidIn: roundForDisplay(paidIn),
      peakEquity: roundForDisplayOrNull(fall && fall.peak),
      drawdownPercent: fall && money(fall.percent).toDecimalPlaces(6).toNumber(),
      dayOpeningEquity: roundForDisplay(opening),
      dayProfit: equity && roundForDisplay(dayProfit({ opening, equity, transfers: paidInToday })),
    };
  }
}
