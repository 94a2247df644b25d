import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PIPELINE_STAGES } from '@tickbridge/contracts';
import { MetricsRegistry } from '@tickbridge/service-bootstrap';
import { Counter } from 'prom-client';
import { PipelineCounters } from './pipeline-counters';

/** The counts of the trace as metrics. Read when asked for. */
@Injectable()
export class PipelineMetrics implements OnModuleInit {
  constructor(
    private readonly registry: MetricsRegistry,
    private readonly counters: PipelineCounters,
  ) {}

  onModuleInit(): void {
    const { counters } = this;
    new Counter({
      name: 'tickbridge_pipeline_total',
      help: 'What went into and came out of each stage',
      labelNames: ['stage', 'outcome'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const stage of PIPELINE_STAGES) {
          const { received, passed, stopped } = counters.stage(stage);
          this.inc({ stage, outcome: 'received' }, received);
          this.inc({ stage, outcome: 'passed' }, passed);
          for (const [reason, count] of Object.entries(stopped)) this.inc({ stage, outcome: reason }, count);
        }
      },
    });
  }
}
