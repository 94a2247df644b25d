import { Injectable } from '@nestjs/common';
import { MetricsRegistry } from '@tickbridge/service-bootstrap';
import { Counter } from 'prom-client';

/** Calls of ShareKhan by what they came to. */
@Injectable()
export class ShareKhanMetrics {
  private readonly calls: Counter<'operation' | 'outcome'>;
  private readonly acknowledgements: Counter;

  constructor(registry: MetricsRegistry) {
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
  }

  count(operation: string, outcome: string): void {
    this.calls.inc({ operation, outcome });
  }

  heard(): void {
    this.acknowledgements.inc();
  }
}
