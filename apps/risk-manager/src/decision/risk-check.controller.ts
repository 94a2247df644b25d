import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ApiBearerAuth, ApiBody, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  riskCheckRequestSchema,
  riskDecisionSchema,
  SUBJECTS,
  toIso,
  type RiskCheckRequest,
  type RiskDecision,
} from '@tickbridge/contracts';
import { DENIAL_CODES, RISK_RULES } from '@tickbridge/trading-core';
import { RiskCheckService } from './risk-check.service';

@ApiTags('risk')
@Controller('api/v1/risk')
export class RiskCheckController {
  constructor(private readonly risk: RiskCheckService) {}

  @Post('check')
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({
    summary: 'May this order go? A denial is an answer, not an error',
    description: `Rules in order: ${RISK_RULES.map(({ name }) => name).join(', ')}. Codes: APPROVED, ${DENIAL_CODES.join(', ')}.`,
  })
  @ApiBody({
    schema: { type: 'object' },
    examples: {
      market: {
        summary: 'A market order; `orderId` is absent while nobody stored it',
        value: {
          signalId: '3f8b2c51-7d1e-8a40-9c55-0d7f5b1d2e11',
          accountId: 'PAPER_TRADER_001',
          strategy: 'momentum-breakout',
          symbol: 'RELIANCE',
          side: 'BUY',
          type: 'MARKET',
          quantity: 10,
          market: { source: 'simulator', lastPrice: 2500, bid: 2499.9, ask: 2500.1, ageMs: 120 },
          marks: { TCS: 3900 },
          asOf: '2026-11-20T05:30:00.000Z',
        },
      },
    },
  })
  @ApiResponse({ status: 400, description: '`INVALID_INPUT`: each bad field by name' })
  @ApiResponse({ status: 401, description: '`INTERNAL_KEY_REQUIRED`: the internal key is missing or wrong' })
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
