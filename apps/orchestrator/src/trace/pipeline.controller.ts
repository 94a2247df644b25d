import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { pipelineTraceSchema, type PipelineTrace } from '@tickbridge/contracts';
import { PipelineTraceService } from './pipeline-trace.service';

@ApiTags('pipeline')
@Controller('api/v1/pipeline')
export class PipelineController {
  constructor(private readonly pipeline: PipelineTraceService) {}

  @Get('trace')
  @ApiOperation({ summary: 'Stage by stage from feed to fill: counts, last time, and why something stops' })
  @ApiOkResponse({ standardSchema: pipelineTraceSchema })
  trace(): Promise<PipelineTrace> {
    return this.pipeline.trace();
  }
}
