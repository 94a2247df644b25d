import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { PositionsModule } from '../positions/positions.module';
import { AccountFinder } from './account-finder';
import { AccountValuer } from './account-valuer';
import { BooksAuditor } from './books.auditor';
import { DayRoll } from './day-roll';
import { EquityController } from './equity.controller';
import { EquityProgress } from './equity.progress';
import { EquityRepository } from './equity.repository';
import { EquitySampler } from './equity.sampler';
import { ExitTrails } from './exit-trails';
import { PortfolioController } from './portfolio.controller';
import { PortfolioService } from './portfolio.service';
import { RoundTripRepository } from './round-trip.repository';
import { RoundTripProjector } from './round-trip.projector';
import { RoundTrips } from './round-trips';
import { RoundTripsController } from './round-trips.controller';
import { Settlements } from './settlements';
import { StrategyPortfolios } from './strategy-portfolios';
import { TradingDays } from './trading-days';

/** What is earned: valuation, equity, trading days, and the audit of the books. */
@Module({
  imports: [AccountsModule, PositionsModule],
  controllers: [PortfolioController, EquityController, RoundTripsController],
  providers: [
    AccountFinder,
    AccountValuer,
    BooksAuditor,
    DayRoll,
    EquityProgress,
    EquityRepository,
    EquitySampler,
    ExitTrails,
    PortfolioService,
    RoundTripProjector,
    RoundTripRepository,
    RoundTrips,
    Settlements,
    StrategyPortfolios,
    TradingDays,
  ],
  exports: [AccountFinder, AccountValuer, ExitTrails, PortfolioService, Settlements, TradingDays],
})
export class PortfolioModule {}
