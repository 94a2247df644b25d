import { Injectable } from '@nestjs/common';
import { Database } from '@tickbridge/database';
import { AccountRepository } from '../accounts/account.repository';
import { PositionBook } from '../portfolio/position-book';
import { StrategyDesk } from '../strategies/strategy-desk';
import { TradingStateService } from '../trading-state/trading-state.service';

/** What must be known before the first bar is acted on: accounts, trading state, settings, positions. */
@Injectable()
export class StartUp {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountRepository,
    private readonly trading: TradingStateService,
    private readonly strategies: StrategyDesk,
    private readonly book: PositionBook,
  ) {}

  async run(): Promise<void> {
    await this.database.whenReady();
    await this.accounts.seed();
    await this.trading.load();
    await this.strategies.load();
    await this.book.load();
  }
}
