import { Controller, Req, Res } from '@nestjs/common';
import { type Candle, type EndpointInput, type SymbolAnswer, tickToJson } from '@tickbridge/contracts';
import { Input, ProblemException, Serve, ServeReply } from '@tickbridge/service-bootstrap';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FeedLane } from '../lanes/feed-lane';
import { FeedLanes } from '../lanes/feed-lanes';
import { bestEncoding, MarketDataAnswerCache } from './market-data.answer';

@Controller()
export class MarketDataController {
  constructor(
    private readonly lanes: FeedLanes,
    private readonly answer: MarketDataAnswerCache,
  ) {}

  @ServeReply('GET /api/v1/market-data')
  all(
    @Input() _input: EndpointInput<'GET /api/v1/market-data'>,
    @Req() { headers }: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    const { body, encoding, etag } = this.answer.ready(bestEncoding(headers['accept-encoding']));
    reply.header('etag', etag).header('cache-control', 'no-cache').header('vary', 'accept-encoding');
    if (headers['if-none-match'] === etag) {
      reply.status(304).send();
      return;
    }
    if (encoding !== 'identity') reply.header('content-encoding', encoding);
    reply.header('content-type', 'application/json; charset=utf-8').send(body);
  }

  @Serve('GET /api/v1/market-data/:symbol')
  one(@Input() { params: { symbol: name } }: EndpointInput<'GET /api/v1/market-data/:symbol'>): SymbolAnswer {
    const { lane, symbol } = this.subscribed(name);
    const { market, status } = lane.parts;
    const tick = market.tick(symbol);
    const { state, lastError } = status.connection();
    const isFed = state === 'connected' || state === 'finished' || (market.isFollowed && tick !== undefined);
    if (!isFed) {
      throw unavailable('FEED_DOWN', `The feed is ${state}${lastError === null ? '' : `: ${lastError}`}.`);
    }
    if (tick === undefined)
      throw unavailable('NO_DATA_YET', `${symbol} is subscribed but has not traded yet.`);
    const now = Date.now();
    const ageMs = Math.max(0, now - tick.receivedAt);
    return { ...tickToJson(tick), ageMs, stale: status.isStale(tick, now) };
  }

  @Serve('GET /api/v1/market-data/:symbol/candles')
  async candlesOf(
    @Input() { params: { symbol: name }, query }: EndpointInput<'GET /api/v1/market-data/:symbol/candles'>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Candle[]> {
    const { lane, symbol } = this.subscribed(name);
    const { candles, source } = await lane.parts.candleReader.latest(symbol, query.interval, query.limit);
    reply.header('candles-source', source);
    return candles;
  }

  /** The lane and the platform's name of what was asked for under any of its names. */
  private subscribed(name: string): { lane: FeedLane; symbol: string } {
    const found = this.lanes.find(name);
    if (found !== undefined) return found;
    throw new ProblemException(
      404,
      'SYMBOL_NOT_SUBSCRIBED',
      `${name} is not subscribed. FEED_SYMBOLS says what is; GET /api/v1/feed/status says what was refused.`,
    );
  }
}

function unavailable(code: string, detail: string): ProblemException {
  return new ProblemException(503, code, detail, undefined, { 'retry-after': '5' });
}
