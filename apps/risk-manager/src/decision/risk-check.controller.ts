import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  riskCheckRequestSchema,
  riskDecisionSchema,
  SUBJECTS,
  toIso,
  type RiskCheckRequest,
  type RiskDecision,
} from '@tickbridge/contracts';
import { RiskCheckService } from './risk-check.service';

@ApiTags('risk')
@Controller('api/v1/risk')
export class RiskCheckController {
  constructor(private readonly risk: RiskCheckService) {}

  @Post('check')
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({ summary: 'May this order go? A denial is an answer, not an error' })
  @ApiOkResponse({ standardSchema: riskDecisionSchema })
  check(@Body({ schema: riskCheckRequestSchema }) request: RiskCheckRequest): Promise<RiskDecision> {
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
