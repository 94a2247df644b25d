import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  type EndpointInput,
  riskCheckRequestSchema,
  type RiskDecision,
  SUBJECTS,
  toIso,
} from '@tickbridge/contracts';
import { Input, Serve } from '@tickbridge/service-bootstrap';
import { RiskCheckService } from './risk-check.service';

@Controller()
export class RiskCheckController {
  constructor(private readonly risk: RiskCheckService) {}

  @Serve('POST /api/v1/risk/check')
  check(@Input() { body: request }: EndpointInput<'POST /api/v1/risk/check'>): Promise<RiskDecision> {
    return this.risk.check(request);
  }

  /** The same question over the bus. A request that cannot be read is denied: there is nobody to correct it. */
  @MessagePattern(SUBJECTS.riskCheck)
  async answer(@Payload() payload: unknown): Promise<RiskDecision> {
    const request = riskCheckRequestSchema.safeParse(payload);
    if (request.success) return this.risk.check(request.data);
    const fields = request.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    return {
      approved: false,
      code: 'INVALID_INPUT',
      message: `The question cannot be read: ${fields.join('; ')}`,
      rule: 'input',
      figures: {},
      limit: null,
      decidedAt: toIso(Date.now()),
      durationMs: 0,
    };
  }
}
