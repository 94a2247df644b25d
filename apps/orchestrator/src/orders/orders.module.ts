import { Module } from '@nestjs/common';
import { PipelineCountersModule } from '../pipeline-counters/pipeline-counters.module';
import { AccountsModule } from '../accounts/accounts.module';
import { PositionsModule } from '../positions/positions.module';
import { SignalsModule } from '../signals/signals.module';
import { StrategiesModule } from '../strategies/strategies.module';
import { RiskModule } from '../risk/risk.module';
import { EntryGate } from './entry-gate';
import { HeldOrders } from './held-orders';
import { OrderDrafter } from './order-drafter';
import { OrderExecutor } from './order-executor';
import { OrderLedger } from './order-ledger';
import { OrderSizer } from './order-sizer';
import { OrderRepository } from './order.repository';
import { Outbox } from './outbox';
import { Reconciler } from './reconciler';

/** An order from its draft to its end. */
@Module({
  imports: [
    PipelineCountersModule,
    AccountsModule,
    PositionsModule,
    SignalsModule,
    StrategiesModule,
    RiskModule,
  ],
  providers: [
    EntryGate,
    HeldOrders,
    OrderDrafter,
    OrderExecutor,
    OrderLedger,
    OrderRepository,
    OrderSizer,
    Outbox,
    Reconciler,
  ],
  exports: [HeldOrders, OrderDrafter, OrderExecutor, OrderLedger, OrderRepository, Outbox, Reconciler],
})
export class OrdersModule {}
