import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { feedNameSchema, type Bar } from '@tickbridge/contracts';
import { ProblemException } from '@tickbridge/service-bootstrap';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { FeedLanes } from '../lanes/feed-lanes';

const streamQuerySchema = z.strictObject({
  /** Whose frames; without it the first feed's. */
  feed: feedNameSchema.optional(),
});
type StreamQuery = z.output<typeof streamQuerySchema>;

const barsQuerySchema = streamQuerySchema.extend({
  /** Epoch the reader knows; bars of another epoch are of no use to it. */
  epoch: z.string().max(100).optional(),
  /** Sequence of the last bar the reader has; 0 asks for all that are retained. */
  after: z.coerce.number().int().min(0).default(0),
});
type BarsQuery = z.output<typeof barsQuerySchema>;

/** The way round Redis: what other processes read over HTTP while it is away. */
@ApiTags('bridge')
@Controller('api/v1/market-data')
export class BridgeController {
  constructor(private readonly lanes: FeedLanes) {}

  @Get('stream')
  @ApiOperation({ summary: "A feed's live frames as server-sent events: first a snapshot, then every frame" })
  @ApiProduces('text/event-stream')
  stream(@Query({ schema: streamQuerySchema }) query: StreamQuery, @Res() reply: FastifyReply): void {
    const { lease, stream } = this.lanes.of(query.feed).parts;
    const waitingFor = lease.waitingFor();
    // Its empty snapshot would wipe what the reader knows.
    if (waitingFor !== null)
      throw new ProblemException(503, 'FEED_HELD_ELSEWHERE', `This instance is ${waitingFor}.`);
    const events = stream.open();
    if (events === undefined) {
      const detail =
        'As many readers as the stream serves are connected already; try again when one has gone.';
      throw new ProblemException(503, 'TOO_MANY_STREAMS', detail, undefined, { 'retry-after': '5' });
    }
    void reply
      .header('content-type', 'text/event-stream; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('x-accel-buffering', 'no')
      .send(events);
  }

  @Get('bars')
  @ApiOperation({
    summary: "A feed's closed bars after a sequence, none left out; empty when the epoch has changed",
  })
  bars(@Query({ schema: barsQuerySchema }) query: BarsQuery): { epoch: string; bars: readonly Bar[] } {
    const { publisher } = this.lanes.of(query.feed).parts;
    const { epoch } = publisher;
    const known = query.epoch === undefined || query.epoch === epoch;
    return { epoch, bars: known ? publisher.barsAfter(query.after) : [] };
  }
}
