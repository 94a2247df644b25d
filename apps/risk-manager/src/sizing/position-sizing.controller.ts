import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  positionSizingAnswerSchema,
  positionSizingRequestSchema,
  type PositionSizingAnswer,
  type PositionSizingRequest,
} from '@tickbridge/contracts';
import { PositionSizingService } from './position-sizing.service';

@ApiTags('position sizing')
@Controller('api/v1/position-sizing')
export class PositionSizingController {
  constructor(private readonly sizing: PositionSizingService) {}

  @Post()
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({
    summary: 'How much may be bought or sold short, by risk, by range or by value',
    description:
      'Capped by the limits in force and by what may still be spent. A stop at the entry gives 0. The same inputs ' +
      'give the same answer for 60 s, or until limits change; `cached` and `ageMs` say so.',
  })
  @ApiBody({
    schema: { type: 'object' },
    examples: {
      risk: {
        summary: 'Half a percent of the equity at the stop',
        value: {
          method: 'fixed-risk',
          accountId: 'PAPER_TRADER_001',
          symbol: 'RELIANCE',
          entryPrice: 2500,
          stopPrice: 2475,
          riskFraction: 0.005,
        },
      },
      range: {
        summary: 'A stop two average true ranges away',
        value: {
          method: 'atr',
          accountId: 'PAPER_TRADER_001',
          symbol: 'RELIANCE',
          atrMultiple: 2,
          interval: '1m',
        },
      },
      value: {
        summary: 'As much as 25,000 rupees buy',
        value: {
          method: 'fixed-notional',
          accountId: 'PAPER_TRADER_001',
          symbol: 'RELIANCE',
          notional: 25000,
        },
      },
    },
  })
  @ApiOkResponse({ standardSchema: positionSizingAnswerSchema })
  @ApiResponse({ status: 400, description: '`INVALID_INPUT`: each bad field by name' })
  @ApiResponse({ status: 404, description: '`ACCOUNT_UNKNOWN`' })
  @ApiResponse({ status: 422, description: '`NOT_ENOUGH_BARS` for the average true range' })
  @ApiResponse({ status: 503, description: '`NO_PRICE`, or `DATABASE_UNAVAILABLE`' })
  size(
    @Body({ schema: positionSizingRequestSchema }) request: PositionSizingRequest,
  ): Promise<PositionSizingAnswer> {
    return this.sizing.size(request);
  }
}
