import { Controller } from '@nestjs/common';
import type { EndpointInput, StrategyStatus } from '@tickbridge/contracts';
import { Input, Serve } from '@tickbridge/service-bootstrap';
import { StrategyDesk } from './strategy-desk';

@Controller()
export class StrategiesController {
  constructor(private readonly desk: StrategyDesk) {}

  @Serve('GET /api/v1/strategies')
  list(): StrategyStatus[] {
    return this.desk.status();
  }

  @Serve('PATCH /api/v1/strategies/:id')
  change(
    @Input() { params: { id }, body: change }: EndpointInput<'PATCH /api/v1/strategies/:id'>,
  ): Promise<StrategyStatus> {
    return this.desk.change(id, change);
  }
}
