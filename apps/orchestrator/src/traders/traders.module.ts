import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { OrdersModule } from '../orders/orders.module';
import { PipelineCountersModule } from '../pipeline-counters/pipeline-counters.module';
import { PositionsModule } from '../positions/positions.module';
import { SignalsModule } from '../signals/signals.module';
import { AccountTraders } from './account-traders';
import { TraderTools } from './trader-tools';

/** One trader per account: from a signal to its order. */
@Module({
  imports: [PipelineCountersModule, AccountsModule, PositionsModule, SignalsModule, OrdersModule],
  providers: [AccountTraders, TraderTools],
  exports: [AccountTraders],
})
export class TradersModule {}
