import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { streamHistorySchema, type StreamHistory } from '@tickbridge/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf, streamOwner } from '../access/caller';
import { securityHeaders } from '@tickbridge/service-bootstrap';
import { DashboardConfig } from '../app.config';
import { CandleReader } from '../market/candle.reader';
import { StreamHub } from './stream.hub';
import { z } from 'zod';

const historyQuerySchema = z.strictObject({
  symbol: z.string().min(1).max(50).optional(),
  /** How far back prices go. */
  seconds: z.coerce.number().int().min(1).max(1_000).default(300),
  /** Most events. */
  events: z.coerce.number().int().min(0).max(1_000).default(100),
});
type HistoryQuery = z.output<typeof historyQuerySchema>;

@ApiTags('live stream')
@Controller('api/v1')
export class StreamController {
  constructor(
    private readonly config: DashboardConfig,
    private readonly hub: StreamHub,
    private readonly candles: CandleReader,
  ) {}

  @Get('stream/history')
  @ApiOperation({
    summary:
      'What a stream that is opened now would have told before: events, and a symbol’s prices by the second',
  })
  @ApiOkResponse({ standardSchema: streamHistorySchema })
  async history(@Query({ schema: historyQuerySchema }) query: HistoryQuery): Promise<StreamHistory> {
    const { symbol, seconds, events } = query;
    const prices =
      symbol === undefined ? null : await this.candles.candles(symbol, { interval: '1s', limit: seconds });
    const told = this.hub.history(events);
    return { lastEventId: told.lastEventId, events: [...told.events], prices: prices && [...prices] };
  }

  @Get('stream')
  @ApiOperation({
    summary: 'Server-sent events: ticks, signal, order, fill, health; resumes after Last-Event-ID',
  })
  @ApiProduces('text/event-stream')
  stream(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const caller = callerOf(request);
    reply.hijack();
    reply.raw.writeHead(200, {
      ...securityHeaders('/api/v1/stream', this.config.behindTls),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const remove = this.hub.add(reply.raw, streamOwner(caller), lastEventIdOf(request));
    request.raw.once('close', remove);
  }
}

function lastEventIdOf({ headers }: FastifyRequest): string | undefined {
  const id = headers['last-event-id'];
  return typeof id === 'string' && id !== '' ? id : undefined;
}
