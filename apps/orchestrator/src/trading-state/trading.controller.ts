import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  tradingCommandSchema,
  tradingStateSchema,
  type TradingCommand,
  type TradingState,
} from '@tickbridge/contracts';
import { z } from 'zod';
import { TradingLoop } from '../loop/trading-loop';
import type { TradingCommandName } from './kill-ladder';
import { TradingStateService } from './trading-state.service';

const commandSchema = z.enum(['start', 'stop', 'reduce', 'halt', 'flatten', 'reset']);

@ApiTags('trading state')
@Controller('api/v1/trading')
export class TradingController {
  constructor(
    private readonly trading: TradingStateService,
    private readonly loop: TradingLoop,
  ) {}

  @Get('state')
  @ApiOperation({ summary: 'Where the kill ladder stands, who moved it, and why' })
  @ApiOkResponse({ standardSchema: tradingStateSchema })
  state(): Promise<TradingState> {
    return this.trading.read();
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
  async command(
    @Param('command', { schema: commandSchema }) command: TradingCommandName,
    @Body({ schema: tradingCommandSchema }) body: TradingCommand,
  ): Promise<TradingState> {
    const state = await this.trading.command(command, body);
    if (command !== 'flatten') return state;
    await this.loop.flatten();
    return this.trading.read();
  }
}
