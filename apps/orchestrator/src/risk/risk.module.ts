import { Module } from '@nestjs/common';
import { PipelineCountersModule } from '../pipeline-counters/pipeline-counters.module';
import { PositionsModule } from '../positions/positions.module';
import { RiskGateway } from './risk-gateway';
import { RiskQuestion } from './risk-question';

/** The question whether an order may go, and its answer. */
@Module({
  imports: [PipelineCountersModule, PositionsModule],
  providers: [RiskGateway, RiskQuestion],
  exports: [RiskGateway],
})
export class RiskModule {}
