import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { PipelineCountersModule } from '../pipeline-counters/pipeline-counters.module';
import { OrderChargesModule } from '../order-charges/order-charges.module';
import { PortfolioModule } from '../portfolio/portfolio.module';
import { PositionsModule } from '../positions/positions.module';
import { RiskModule } from '../risk/risk.module';
import { SignalsModule } from '../signals/signals.module';
import { StrategiesModule } from '../strategies/strategies.module';
import { TradingStateModule } from '../trading-state/trading-state.module';
import { BracketEntries } from './bracket-entries';
import { BookAgreement } from './book-agreement';
import { BrokerChanges } from './broker-changes';
import { CashEntries } from './cash-entries';
import { EntryGate } from './entry-gate';
import { ExitClearance } from './exit-clearance';
import { ExitLevels } from './exit-levels';
import { HeldOrders } from './held-orders';
import { HoldingsComparison } from './holdings-comparison';
import { MissingOrders } from './missing-orders';
import { OrderDrafter } from './order-drafter';
import { OrderExecutor } from './order-executor';
import { OrderLedger } from './order-ledger';
import { OrderProducts } from './order-products';
import { OrderUpkeep } from './order-upkeep';
import { OrderSizer } from './order-sizer';
import { OrderSteps } from './order-steps';
import { OrderRepository } from './order.repository';
import { Outbox } from './outbox';
import { Protection } from './protection';
import { ProtectionViews } from './protection-view';
import { ProtectiveLevels } from './protective-levels';
import { ProtectiveOrders } from './protective-orders';
import { Reconciler } from './reconciler';
import { SignalDecisions } from './signal-decisions';
import { StopChanges } from './stop-changes';

/** An order from its draft to its end. */
@Module({
  imports: [
    PipelineCountersModule,
    AccountsModule,
    PositionsModule,
    PortfolioModule,
    TradingStateModule,
    OrderChargesModule,
    SignalsModule,
    StrategiesModule,
    RiskModule,
  ],
  providers: [
    BookAgreement,
    BracketEntries,
    BrokerChanges,
    CashEntries,
    EntryGate,
    ExitClearance,
    ExitLevels,
    HeldOrders,
    HoldingsComparison,
    MissingOrders,
    OrderDrafter,
    OrderExecutor,
    OrderLedger,
    OrderProducts,
    OrderRepository,
    OrderSizer,
    OrderSteps,
    OrderUpkeep,
    Outbox,
    Protection,
    ProtectionViews,
    ProtectiveLevels,
    ProtectiveOrders,
    Reconciler,
    SignalDecisions,
    StopChanges,
  ],
  exports: [
    BrokerChanges,
    Protection,
    CashEntries,
    ExitLevels,
    OrderExecutor,
    OrderLedger,
    OrderProducts,
    OrderRepository,
    OrderUpkeep,
    Outbox,
    Reconciler,
    SignalDecisions,
  ],
})
export class OrdersModule {}
