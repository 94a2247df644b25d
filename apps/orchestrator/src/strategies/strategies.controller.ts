import { Body, Controller, Get, Param, Patch } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  strategyChangeSchema,
  strategyStatusSchema,
  type StrategyChange,
  type StrategyStatus,
} from '@tickbridge/contracts';
import { z } from 'zod';
import { StrategyDesk } from './strategy-desk';

@ApiTags('strategies')
@ApiResponse({ status: 503, description: '`DATABASE_UNAVAILABLE`' })
@Controller('api/v1/strategies')
export class StrategiesController {
  constructor(private readonly desk: StrategyDesk) {}

  @Get()
  @ApiOperation({ summary: 'Strategies, their parameters and what they have seen' })
  @ApiOkResponse({ standardSchema: z.array(strategyStatusSchema) })
  list(): StrategyStatus[] {
    return this.desk.status();
  }

  @Patch(':id')
  @ApiBearerAuth()
  @ApiOperation({
    summary: 'Switches a strategy on or off, changes its parameters or exits, or resumes it',
    description:
      'Only what is named changes. In force with the next bar, for open positions too; kept over restarts.',
  })
  @ApiBody({
    schema: { type: 'object' },
    examples: {
      off: { summary: 'Switch it off', value: { enabled: false } },
      parameters: { summary: 'One parameter', value: { parameters: { lookbackBars: 10 } } },
      exits: {
        summary: 'A trailing stop, and no more than two re-entries',
        value: {
          exits: {
            stopLoss: { kind: 'percent', percent: 1 },
            trailingStop: { kind: 'atr', multiple: 3 },
            squareOffAt: '15:00',
            cooldownMinutes: 10,
            maxReentriesPerDay: 2,
          },
        },
      },
      resume: { summary: 'Resume it after the platform suspended it', value: { suspended: false } },
    },
  })
  @ApiResponse({ status: 400, description: '`INVALID_INPUT`: each bad field by name' })
  @ApiResponse({ status: 401, description: '`INTERNAL_KEY_REQUIRED`: the internal key is missing or wrong' })
  @ApiResponse({ status: 404, description: '`STRATEGY_UNKNOWN`' })
  @ApiOkResponse({ standardSchema: strategyStatusSchema })
  change(
    @Param('id', { schema: z.string().min(1).max(100) }) id: string,
    @Body({ schema: strategyChangeSchema }) change: StrategyChange,
  ): Promise<StrategyStatus> {
    return this.desk.change(id, change);
  }
}
