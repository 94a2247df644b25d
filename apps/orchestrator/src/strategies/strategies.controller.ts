import { Body, Controller, Get, Param, Patch } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  strategyChangeSchema,
  strategyStatusSchema,
  type StrategyChange,
  type StrategyStatus,
} from '@tickbridge/contracts';
import { z } from 'zod';
import { StrategyDesk } from './strategy-desk';

@ApiTags('strategies')
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
  @ApiOperation({ summary: 'Switches a strategy on or off, or changes its parameters; kept over restarts' })
  @ApiOkResponse({ standardSchema: strategyStatusSchema })
  change(
    @Param('id', { schema: z.string().min(1).max(100) }) id: string,
    @Body({ schema: strategyChangeSchema }) change: StrategyChange,
  ): Promise<StrategyStatus> {
    return this.desk.change(id, change);
  }
}
