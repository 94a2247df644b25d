import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  candleIntervalSchema,
  candleSchema,
  marketDataAnswerSchema,
  symbolAnswerSchema,
  tickToJson,
  type Candle,
  type SymbolAnswer,
} from '@tickbridge/contracts';
import { ProblemException } from '@tickbridge/service-bootstrap';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { MAX_CANDLES } from '../candles/candle-book';
import type { FeedLane } from '../lanes/feed-lane';
import { FeedLanes } from '../lanes/feed-lanes';
import { bestEncoding, MarketDataAnswerCache } from './market-data.answer';

const symbolSchema = z.string().min(1).max(50);

const candlesQuerySchema = z.strictObject({
  interval: candleIntervalSchema.default('1m'),
  limit: z.coerce.number().int().min(1).max(MAX_CANDLES).default(200),
});
type CandlesQuery = z.output<typeof candlesQuerySchema>;

@ApiTags('market data')
@Controller('api/v1/market-data')
export class MarketDataController {
  constructor(
    private readonly lanes: FeedLanes,
    private readonly answer: MarketDataAnswerCache,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Newest tick of every symbol; 304 when nothing changed since the ETag sent' })
  @ApiOkResponse({ standardSchema: marketDataAnswerSchema })
  all(@Req() { headers }: FastifyRequest, @Res() reply: FastifyReply): void {
    const { body, encoding, etag } = this.answer.ready(bestEncoding(headers['accept-encoding']));
    reply.header('etag', etag).header('cache-control', 'no-cache').header('vary', 'accept-encoding');
    if (headers['if-none-match'] === etag) {
      reply.status(304).send();
      return;
    }
    if (encoding !== 'identity') reply.header('content-encoding', encoding);
    reply.header('content-type', 'application/json; charset=utf-8').send(body);
  }

  @Get(':symbol')
  @ApiOperation({ summary: 'Newest tick of one symbol; 404 not subscribed, 503 no data yet or feed down' })
  @ApiOkResponse({ standardSchema: symbolAnswerSchema })
  one(@Param('symbol', { schema: symbolSchema }) name: string): SymbolAnswer {
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

  @Get(':symbol/candles')
  @ApiOperation({ summary: 'The newest candles of a symbol, oldest first, the unfinished one included' })
  @ApiOkResponse({
    standardSchema: z.array(candleSchema),
    headers: {
      'candles-source': {
        description: 'memory+postgresql, or memory: PostgreSQL is away and older candles may be missing',
      },
    },
  })
  async candlesOf(
    @Param('symbol', { schema: symbolSchema }) name: string,
    @Query({ schema: candlesQuerySchema }) query: CandlesQuery,
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
