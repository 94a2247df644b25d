import { Module } from '@nestjs/common';
import { TradingStateService } from './trading-state.service';

/** Where the kill ladder stands. */
@Module({
  providers: [TradingStateService],
  exports: [TradingStateService],
})
export class TradingStateModule {}
