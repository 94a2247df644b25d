import { Injectable } from '@nestjs/common';
import { MetricsRegistry } from '@tickbridge/service-bootstrap';
import { Counter } from 'prom-client';
import { PipelineCounters } from '../../pipeline-counters/pipeline-counters';

/** Calls of ShareKhan by what they came to, and its part in the count of the pipeline. */
@Injectable()
export class ShareKhanMetrics {
  private readonly calls: Counter<'operation' | 'outcome'>;
  private readonly acknowledgements: Counter;
  private readonly misread: Counter<'what'>;

  constructor(
    registry: MetricsRegistry,
    private readonly pipeline: PipelineCounters,
  ) {
    this.calls = new Counter({
      name: 'tickbridge_broker_calls_total',
      help: 'Calls of the broker by operation and outcome',
      labelNames: ['operation', 'outcome'],
      registers: [registry],
    });
    this.acknowledgements = new Counter({
      name: 'tickbridge_broker_acknowledgements_total',
      help: 'Order acknowledgements heard on the broker stream',
      registers: [registry],
    });
    this.misread = new Counter({
      name: 'tickbridge_broker_report_misread_total',
      help: 'Orders of the day report with a status or a row that is not understood, each once',
      labelNames: ['what'],
      registers: [registry],
    });
  }

  count(operation: string, outcome: string): void {
    this.calls.inc({ operation, outcome });
  }

  /** An order is about to be handed over. */
  orderReceived(): void {
    this.pipeline.received('order');
  }

  /** ShareKhan has taken an order: its fills are waited for. */
  orderTaken(): void {
    this.pipeline.passed('order');
    this.pipeline.received('fill');
  }

  /** An order of the day report is not understood. */
  reportMisread(what: 'status' | 'row'): void {
    this.misread.inc({ what });
  }

  heard(): void {
    this.acknowledgements.inc();
  }
}
