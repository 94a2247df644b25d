import { Module } from '@nestjs/common';
import { PipelineCounters } from './pipeline-counters';
import { PipelineMetrics } from './pipeline.metrics';

/** What went through each stage, and how fast. */
@Module({
  providers: [PipelineCounters, PipelineMetrics],
  exports: [PipelineCounters],
})
export class PipelineCountersModule {}
