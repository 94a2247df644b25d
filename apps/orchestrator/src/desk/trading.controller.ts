import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  ladderAnswerSchema,
  ladderChangeSchema,
  tradingCommandSchema,
  tradingStateSchema,
  type LadderAnswer,
  type LadderChange,
  type TradingCommand,
  type TradingState,
} from '@tickbridge/contracts';
import { z } from 'zod';
import { PositionClosing } from '../trading-state/position-closing';
import type { TradingCommandName } from '../trading-state/kill-ladder';
import { LadderThresholdStore } from './ladder-thresholds';
import { LadderWatch } from './ladder.watch';
import { TradingStateService } from '../trading-state/trading-state.service';

const commandSchema = z.enum(['start', 'stop', 'reduce', 'halt', 'flatten', 'reset']);

@ApiTags('trading state')
@ApiResponse({
  status: 503,
  description: '`DATABASE_UNAVAILABLE`, or `NOT_READY` before the first start is stored',
})
@Controller('api/v1/trading')
export class TradingController {
  constructor(
    private readonly trading: TradingStateService,
    private readonly closing: PositionClosing,
    private readonly thresholds: LadderThresholdStore,
    private readonly watch: LadderWatch,
  ) {}

  @Get('state')
  @ApiOperation({ summary: 'Where the kill ladder stands, who moved it, and why' })
  @ApiOkResponse({ standardSchema: tradingStateSchema })
  state(): Promise<TradingState> {
    return this.trading.read();
  }

  @Get('ladder')
  @ApiOperation({
    summary:
      "The kill ladder's triggers: thresholds, today's figures, and which have acted since the last reset",
  })
  @ApiOkResponse({ standardSchema: ladderAnswerSchema })
  async ladder(): Promise<LadderAnswer> {
    const [thresholds, acted, figures] = await Promise.all([
      this.thresholds.read(),
      this.trading.acted(),
      this.watch.figures(),
    ]);
    return { thresholds, acted: [...acted], figures };
  }

  @Put('ladder')
  @ApiBearerAuth()
  @ApiOperation({
    summary: 'Replaces the thresholds of the triggers, with name and reason; kept in the audit trail',
  })
  @ApiOkResponse({ standardSchema: ladderAnswerSchema })
  @ApiBody({
    schema: { type: 'object' },
    examples: {
      careful: {
        summary: 'No new risk at half of the limits',
        value: {
          thresholds: {
            dailyLossPercentOfLimit: { REDUCING: 50, FLATTEN: 100 },
            drawdownPercentOfLimit: { REDUCING: 50, HALTED: 100 },
            errorRatePercent: { HALTED: 50 },
            minimumCalls: 10,
            feedAgeMs: { REDUCING: 30_000, HALTED: 120_000 },
          },
          ...{ by: 'mira', reason: 'first live week' },
        },
      },
    },
  })
  @ApiResponse({ status: 400, description: '`INVALID_INPUT`: each bad field by name' })
  async setLadder(@Body({ schema: ladderChangeSchema }) change: LadderChange): Promise<LadderAnswer> {
    await this.thresholds.change(change);
    return this.ladder();
  }

  @Post(':command')
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({
    summary:
      'start, stop, reduce, halt, flatten or reset, with name and reason; acts at once, survives restarts',
    description:
      'flatten answers when all is closed and halted, or after five seconds with the state so far.',
  })
  @ApiOkResponse({ standardSchema: tradingStateSchema })
  @ApiBody({
    schema: { type: 'object' },
    examples: { command: { summary: 'Any command', value: { by: 'mira', reason: 'exchange trouble' } } },
  })
  @ApiResponse({ status: 400, description: '`INVALID_INPUT`: each bad field by name' })
  @ApiResponse({ status: 409, description: '`LADDER_LATCHED`: only reset leads up the ladder' })
  async command(
    @Param('command', { schema: commandSchema }) command: TradingCommandName,
    @Body({ schema: tradingCommandSchema }) body: TradingCommand,
  ): Promise<TradingState> {
    const state = await this.trading.command(command, body);
    if (command !== 'flatten') return state;
    await this.closing.flatten();
    return this.trading.read();
  }
}
