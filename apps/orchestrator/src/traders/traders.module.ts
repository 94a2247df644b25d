import { Module } from '@nestjs/common';
import { PipelineCountersModule } from '../pipeline-counters/pipeline-counters.module';
import { AccountsModule } from '../accounts/accounts.module';
import { PositionsModule } from '../positions/positions.module';
import { SignalsModule } from '../signals/signals.module';
import { OrdersModule } from '../orders/orders.module';
import { AccountTraders } from './account-traders';

/** One trader per account: from a signal to its order. */
@Module({
  imports: [PipelineCountersModule, AccountsModule, PositionsModule, SignalsModule, OrdersModule],
  providers: [AccountTraders],
  exports: [AccountTraders],
})
export class TradersModule {}
