import { Global, Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { DeskModule } from '../desk/desk.module';
import { OrdersModule } from '../orders/orders.module';
import { PipelineCountersModule } from '../pipeline-counters/pipeline-counters.module';
import { PortfolioModule } from '../portfolio/portfolio.module';
import { PositionsModule } from '../positions/positions.module';
import { RiskModule } from '../risk/risk.module';
import { SignalsModule } from '../signals/signals.module';
import { StrategiesModule } from '../strategies/strategies.module';
import { TradersModule } from '../traders/traders.module';
import { PositionClosing } from '../trading-state/position-closing';
import { TradingStateModule } from '../trading-state/trading-state.module';
import { BarCheckpoints } from './bar-checkpoints';
import { BarIntake } from './bar-intake';
import { BarProcessor } from './bar-processor';
import { FeedBars } from './feed-bars';
import { Flattening } from './flattening';
import { Recovery } from './recovery';
import { SignalDesk } from './signal-desk';
import { StartUp } from './start-up';
import { TradingLoop } from './trading-loop';
import { TradingSteps } from './trading-steps';

/** Bars in, strategies asked, signals out. */
// Global for the sake of `PositionClosing`, which the desk below asks for.
@Global()
@Module({
  imports: [
    PipelineCountersModule,
    AccountsModule,
    PositionsModule,
    TradingStateModule,
    SignalsModule,
    StrategiesModule,
    RiskModule,
    PortfolioModule,
    OrdersModule,
    TradersModule,
    DeskModule,
  ],
  providers: [
    BarCheckpoints,
    BarIntake,
    BarProcessor,
    FeedBars,
    Flattening,
    Recovery,
    SignalDesk,
    StartUp,
    TradingLoop,
    TradingSteps,
    { provide: PositionClosing, useExisting: TradingLoop },
  ],
  exports: [TradingLoop, PositionClosing],
})
export class TradingLoopModule {}
