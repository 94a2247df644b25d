import { Controller, Req, Res } from '@nestjs/common';
import type { EndpointInput, StreamHistory } from '@tickbridge/contracts';
import { Input, securityHeaders, Serve, ServeReply } from '@tickbridge/service-bootstrap';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf, streamOwner } from '../access/caller';
import { DashboardConfig } from '../config/app.config';
import { CandleReader } from '../market/candle.reader';
import { StreamHub } from '../stream/stream.hub';

@Controller()
export class StreamController {
  constructor(
    private readonly config: DashboardConfig,
    private readonly hub: StreamHub,
    private readonly candles: CandleReader,
  ) {}

  @Serve('GET /api/v1/stream/history')
  async history(@Input() { query }: EndpointInput<'GET /api/v1/stream/history'>): Promise<StreamHistory> {
    const { symbol, seconds, events } = query;
    const prices =
      symbol === undefined ? null : await this.candles.candles(symbol, { interval: '1s', limit: seconds });
    const told = this.hub.history(events);
    return { lastEventId: told.lastEventId, events: [...told.events], prices: prices && [...prices] };
  }

  @ServeReply('GET /api/v1/stream')
  stream(
    @Input() _input: EndpointInput<'GET /api/v1/stream'>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
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
