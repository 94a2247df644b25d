import { Controller, Res } from '@nestjs/common';
import type { Bar, EndpointInput } from '@tickbridge/contracts';
import { Input, ProblemException, Serve, ServeReply } from '@tickbridge/service-bootstrap';
import type { FastifyReply } from 'fastify';
import { FeedLanes } from '../lanes/feed-lanes';

/** The way round Redis: what other processes read over HTTP while it is away. */
@Controller()
export class BridgeController {
  constructor(private readonly lanes: FeedLanes) {}

  @ServeReply('GET /api/v1/market-data/stream')
  stream(
    @Input() { query }: EndpointInput<'GET /api/v1/market-data/stream'>,
    @Res() reply: FastifyReply,
  ): void {
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

  @Serve('GET /api/v1/market-data/bars')
  bars(@Input() { query }: EndpointInput<'GET /api/v1/market-data/bars'>): {
    epoch: string;
    bars: readonly Bar[];
  } {
    const { publisher } = this.lanes.of(query.feed).parts;
    const { epoch } = publisher;
    const known = query.epoch === undefined || query.epoch === epoch;
    return { epoch, bars: known ? publisher.barsAfter(query.after) : [] };
  }
}
