import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { isoTime, signalSchema, type Signal } from '@tickbridge/contracts';
import { CacheResponse, SIGNAL_CAPACITY, type SignalStats } from '@tickbridge/shared-cache';
import { z } from 'zod';
import { RecentSignals } from './recent-signals';

const querySchema = z.strictObject({
  count: z.coerce.number().int().min(1).max(SIGNAL_CAPACITY).default(50),
  symbol: z.string().min(1).max(50).optional(),
  strategy: z.string().min(1).max(100).optional(),
  since: isoTime.optional(),
});

/** Counting reads every signal of the buffer; watchers share one count (milliseconds). */
const STATS_LAG_MS = 1_000;

const counts = z.record(z.string(), z.number().int());
const statsSchema = z.object({
  total: z.number().int(),
  byStrategy: counts,
  bySymbol: counts,
  byAction: counts,
  oldestAt: isoTime.nullable(),
  newestAt: isoTime.nullable(),
});

@ApiTags('signals')
@Controller('api/v1/signals')
export class SignalsController {
  constructor(private readonly signals: RecentSignals) {}

  @Get('recent')
  @ApiOperation({ summary: 'Recent signals, newest first' })
  @ApiOkResponse({ standardSchema: z.array(signalSchema) })
  recent(@Query({ schema: querySchema }) query: z.output<typeof querySchema>): Promise<Signal[]> {
    const { since, ...rest } = query;
    return this.signals.recent({ ...rest, ...(since !== undefined && { since: Date.parse(since) }) });
  }

  @Get('stats')
  @CacheResponse({ ttlMs: STATS_LAG_MS })
  @ApiOperation({ summary: 'Counts over the newest 1,000 signals, at most a second old' })
  @ApiOkResponse({ standardSchema: statsSchema })
  stats(): Promise<SignalStats> {
    return this.signals.stats();
  }
}
