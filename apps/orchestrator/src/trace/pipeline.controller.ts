import { Controller } from '@nestjs/common';
import type { PipelineTrace } from '@tickbridge/contracts';
import { Serve } from '@tickbridge/service-bootstrap';
import { PipelineTraceService } from './pipeline-trace.service';

@Controller()
export class PipelineController {
  constructor(private readonly pipeline: PipelineTraceService) {}

  @Serve('GET /api/v1/pipeline/trace')
  trace(): Promise<PipelineTrace> {
    return this.pipeline.trace();
  }
}
