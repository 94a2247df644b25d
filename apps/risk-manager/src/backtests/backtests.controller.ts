import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiBody,
  ApiOkResponse,
  ApiOperation,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import {
  type Backtest,
  type BacktestRequest,
  backtestRequestSchema,
  type BacktestRun,
  backtestRunSchema,
  backtestSchema,
  backtestStatusSchema,
} from '@tickbridge/contracts';
import { z } from 'zod';
import { BacktestService } from './backtest.service';

const listSchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  status: backtestStatusSchema.optional(),
});
const idSchema = z.uuid();

@ApiTags('backtests')
@ApiResponse({ status: 503, description: '`DATABASE_UNAVAILABLE`' })
@Controller('api/v1/backtests')
export class BacktestsController {
  constructor(private readonly backtests: BacktestService) {}

  @Post()
  @HttpCode(202)
  @ApiBearerAuth()
  @ApiOperation({
    summary: 'Play recorded bars through strategies, risk rules, fills and fees',
    description:
      'Answers at once; the run waits for its turn in a worker thread and outlives restarts. A run that fails says so ' +
      'in `error.code`: `NO_BARS`, `TOO_MANY_BARS`, `NO_RECORDING`, `OUT_OF_MEMORY`, `DATABASE_UNAVAILABLE`, ' +
      '`INTERRUPTED`, `BACKTEST_FAILED`.',
  })
  @ApiBody({
    schema: { type: 'object' },
    examples: {
      candles: {
        summary: 'Recorded candles of two shares',
        value: {
          data: {
            kind: 'candles',
            feed: 'simulator',
            symbols: ['RELIANCE', 'TCS'],
            interval: '5s',
            from: '2026-11-20T03:45:00Z',
            to: '2026-11-20T10:00:00Z',
          },
          strategies: [
            { id: 'momentum-breakout', parameters: { lookbackBars: 10 } },
            { id: 'mean-reversion' },
          ],
          limits: { maxOrderNotional: 25000 },
        },
      },
      recording: {
        summary: 'The recording that REPLAY_FILE names',
        value: { data: { kind: 'recording' }, strategies: [{ id: 'momentum-breakout' }] },
      },
    },
  })
  @ApiAcceptedResponse({ standardSchema: backtestRunSchema })
  @ApiResponse({ status: 400, description: '`INVALID_INPUT`: each bad field by name' })
  @ApiResponse({ status: 429, description: '`BACKTEST_QUEUE_FULL`' })
  submit(@Body({ schema: backtestRequestSchema }) request: BacktestRequest): Promise<BacktestRun> {
    return this.backtests.submit(request);
  }

  @Get()
  @ApiOperation({ summary: 'Runs, newest first, without their results' })
  @ApiOkResponse({ standardSchema: z.array(backtestRunSchema) })
  list(
    @Query({ schema: listSchema }) { limit, status }: z.output<typeof listSchema>,
  ): Promise<BacktestRun[]> {
    return this.backtests.list(limit, status);
  }

  @Get(':id')
  @ApiOperation({ summary: 'A run with its progress, and its result once it is completed' })
  @ApiOkResponse({ standardSchema: backtestSchema })
  @ApiResponse({ status: 404, description: '`BACKTEST_UNKNOWN`' })
  show(@Param('id', { schema: idSchema }) id: string): Promise<Backtest> {
    return this.backtests.show(id);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Stop a run that waits or runs' })
  @ApiOkResponse({ standardSchema: backtestRunSchema })
  @ApiResponse({ status: 404, description: '`BACKTEST_UNKNOWN`' })
  @ApiResponse({ status: 409, description: '`BACKTEST_OVER`: it ended already' })
  cancel(@Param('id', { schema: idSchema }) id: string): Promise<BacktestRun> {
    return this.backtests.cancel(id);
  }
}
