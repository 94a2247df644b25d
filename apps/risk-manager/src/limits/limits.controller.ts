import { Body, Controller, Get, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  riskLimitsAnswerSchema,
  riskLimitsChangeSchema,
  riskLimitsHistorySchema,
  type RiskLimitsAnswer,
  type RiskLimitsChange,
  type RiskLimitsHistory,
} from '@tickbridge/contracts';
import { z } from 'zod';
import { LimitsService } from './limits.service';

const querySchema = z.strictObject({
  account: z.string().min(1).max(64).optional(),
  strategy: z.string().min(1).max(100).optional(),
  symbol: z.string().min(1).max(50).optional(),
});

const historySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  /** Position of the oldest change of the page before. */
  before: z.coerce.number().int().positive().optional(),
});

@ApiTags('risk')
@ApiResponse({ status: 503, description: '`DATABASE_UNAVAILABLE`' })
@Controller('api/v1/risk/limits')
export class LimitsController {
  constructor(private readonly limits: LimitsService) {}

  @Get()
  @ApiOperation({ summary: 'Limits in force for an account, strategy and symbol, and who set what' })
  @ApiOkResponse({ standardSchema: riskLimitsAnswerSchema })
  show(@Query({ schema: querySchema }) query: z.output<typeof querySchema>): Promise<RiskLimitsAnswer> {
    const { account, ...rest } = query;
    return this.limits.show({ ...rest, ...(account !== undefined && { accountId: account }) });
  }

  @Get('changes')
  @ApiOperation({ summary: 'Who changed which limits, when, from what to what and why; newest first' })
  @ApiOkResponse({ standardSchema: riskLimitsHistorySchema })
  history(
    @Query({ schema: historySchema }) query: z.output<typeof historySchema>,
  ): Promise<RiskLimitsHistory> {
    return this.limits.history(query);
  }

  @Put()
  @ApiBearerAuth()
  @ApiBody({
    schema: { type: 'object' },
    examples: {
      symbol: {
        summary: 'What the exchange publishes for one share',
        value: {
          by: 'mira',
          reason: 'circular of today',
          scope: { kind: 'symbol', key: 'RELIANCE' },
          limits: { freezeQuantity: 50000, priceBandPercent: 10 },
        },
      },
      global: {
        summary: 'For everything',
        value: { by: 'mira', reason: 'calmer', limits: { maxDailyLoss: 20000 } },
      },
    },
  })
  @ApiResponse({ status: 400, description: '`INVALID_INPUT`: each bad field by name' })
  @ApiResponse({ status: 404, description: '`ACCOUNT_UNKNOWN`, for the scope of an account' })
  @ApiResponse({ status: 401, description: '`INTERNAL_KEY_REQUIRED`: the internal key is missing or wrong' })
  @ApiOperation({ summary: 'Change limits of one scope, with name and reason; kept in the audit trail' })
  @ApiOkResponse({ standardSchema: riskLimitsAnswerSchema })
  change(@Body({ schema: riskLimitsChangeSchema }) change: RiskLimitsChange): Promise<RiskLimitsAnswer> {
    return this.limits.change(change);
  }
}
