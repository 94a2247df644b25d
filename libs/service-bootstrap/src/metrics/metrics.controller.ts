import { Controller, Header } from '@nestjs/common';
import { Serve } from '../api/serve';
import { MetricsRegistry } from './metrics.registry';

@Controller()
export class MetricsController {
  constructor(private readonly registry: MetricsRegistry) {}

  @Serve('GET /metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return this.registry.metrics();
  }
}
