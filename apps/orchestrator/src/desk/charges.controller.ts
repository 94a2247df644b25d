import { Controller } from '@nestjs/common';
import type { ChargeEstimate, EndpointInput } from '@tickbridge/contracts';
import { Input, Serve } from '@tickbridge/service-bootstrap';
import { ChargeEstimates } from './charge-estimates';

@Controller()
export class ChargesController {
  constructor(private readonly estimates: ChargeEstimates) {}

  @Serve('GET /api/v1/charges/estimate')
  estimate(@Input() { query }: EndpointInput<'GET /api/v1/charges/estimate'>): Promise<ChargeEstimate> {
    return this.estimates.of(query);
  }
}
