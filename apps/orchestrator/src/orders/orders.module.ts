import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { PipelineCountersModule } from '../pipeline-counters/pipeline-counters.module';
import { OrderChargesModule } from '../order-charges/order-charges.module';
import { PositionsModule } from '../positions/positions.module';
import { RiskModule } from '../risk/risk.module';
import { SignalsModule } from '../signals/signals.module';
import { StrategiesModule } from '../strategies/strategies.module';
import { BookAgreement } from './book-agreement';
import { CashEntries } from './cash-entries';
import { EntryGate } from './entry-gate';
import { HeldOrders } from './held-orders';
import { HoldingsComparison } from './holdings-comparison';
import { MissingOrders } from './missing-orders';
import { OrderDrafter } from './order-drafter';
import { OrderExecutor } from './order-executor';
import { OrderLedger } from './order-ledger';
import { OrderProducts } from './order-products';
import { OrderSizer } from './order-sizer';
import { OrderSteps } from './order-steps';
import { OrderRepository } from './order.repository';
import { Outbox } from './outbox';
import { Reconciler } from './reconciler';
import { SignalDecisions } from './signal-decisions';

/** An order from its draft to its end. */
@Module({
  imports: [
    PipelineCountersModule,
    AccountsModule,
    PositionsModule,
    OrderChargesModule,
    SignalsModule,
    StrategiesModule,
    RiskModule,
  ],
  providers: [
    BookAgreement,
    CashEntries,
    EntryGate,
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
    Outbox,
    Reconciler,
    SignalDecisions,
  ],
  exports: [
    CashEntries,
    HeldOrders,
    OrderExecutor,
    OrderLedger,
    OrderProducts,
    OrderRepository,
    Outbox,
    Reconciler,
    SignalDecisions,
  ],
})
export class OrdersModule {}
