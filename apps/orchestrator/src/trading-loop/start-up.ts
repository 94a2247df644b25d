import { Injectable } from '@nestjs/common';
import { AccountRepository } from '../accounts/account.repository';
import { ExitTrails } from '../portfolio/exit-trails';
import { PositionBook } from '../positions/position-book';
import { StrategyDesk } from '../strategies/strategy-desk';
import { TradingStateService } from '../trading-state/trading-state.service';
import { BarCheckpoints } from './bar-checkpoints';

/** What must be known before the first bar: accounts, trading state, settings, positions, checkpoints. */
@Injectable()
export class StartUp {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly trading: TradingStateService,
    private readonly strategies: StrategyDesk,
    private readonly book: PositionBook,
    private readonly checkpoints: BarCheckpoints,
    private readonly trails: ExitTrails,
  ) {}

  /** Safe to repeat. */
  async run(): Promise<void> {
    await this.accounts.seed();
    await this.trading.load();
    await this.strategies.load();
    await this.book.load();
    await this.trails.load();
    await this.checkpoints.load();
  }
}
