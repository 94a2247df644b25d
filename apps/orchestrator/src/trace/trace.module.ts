import { Module } from '@nestjs/common';
import { PipelineCountersModule } from '../pipeline-counters/pipeline-counters.module';
import { TradingStateModule } from '../trading-state/trading-state.module';
import { TradingLoopModule } from '../trading-loop/trading-loop.module';
import { FeedStatusClient } from './feed-status.client';
import { PipelineTraceService } from './pipeline-trace.service';
import { PipelineController } from './pipeline.controller';

/** Where data stops between feed and fill, and why. */
@Module({
  imports: [PipelineCountersModule, TradingStateModule, TradingLoopModule],
  controllers: [PipelineController],
  providers: [FeedStatusClient, PipelineTraceService],
})
export class TraceModule {}
