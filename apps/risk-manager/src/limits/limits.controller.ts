import { Controller } from '@nestjs/common';
import type { EndpointInput, RiskLimitsAnswer, RiskLimitsHistory } from '@tickbridge/contracts';
import { Input, Serve } from '@tickbridge/service-bootstrap';
import { LimitsService } from './limits.service';

@Controller()
export class LimitsController {
  constructor(private readonly limits: LimitsService) {}

  @Serve('GET /api/v1/risk/limits')
  show(@Input() { query }: EndpointInput<'GET /api/v1/risk/limits'>): Promise<RiskLimitsAnswer> {
    const { account, ...rest } = query;
    return this.limits.show({ ...rest, ...(account !== undefined && { accountId: account }) });
  }

  @Serve('GET /api/v1/risk/limits/changes')
  history(@Input() { query }: EndpointInput<'GET /api/v1/risk/limits/changes'>): Promise<RiskLimitsHistory> {
    return this.limits.history(query);
  }

  @Serve('PUT /api/v1/risk/limits')
  change(@Input() { body: change }: EndpointInput<'PUT /api/v1/risk/limits'>): Promise<RiskLimitsAnswer> {
    return this.limits.change(change);
  }
}
