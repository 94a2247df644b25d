import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../access/caller';
import { securityHeaders } from '../access/security-headers';
import { DashboardConfig } from '../app.config';
import { StreamHub } from './stream.hub';

@ApiTags('live stream')
@Controller('api/v1')
export class StreamController {
  constructor(
    private readonly config: DashboardConfig,
    private readonly hub: StreamHub,
  ) {}

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
    const session = caller?.kind === 'person' ? caller.session.idHash : null;
    const remove = this.hub.add(reply.raw, session, lastEventIdOf(request));
    request.raw.once('close', remove);
  }
}

function lastEventIdOf({ headers }: FastifyRequest): string | undefined {
  const id = headers['last-event-id'];
  return typeof id === 'string' && id !== '' ? id : undefined;
}
