import { Injectable } from '@nestjs/common';
import { type Candle, candleSchema, type EndpointInput } from '@tickbridge/contracts';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { CacheLoadError, CacheService, cacheNamespace } from '@tickbridge/shared-cache';
import { z } from 'zod';
import { Upstream } from '../gateway/upstream';

/** The newest candle changes with every trade, so a chart may lag by this much (milliseconds). */
const CHART_LAG_MS = 1_000;

const charts = {
  ...cacheNamespace({ name: 'candles', version: 1, kind: 'charts', schema: z.array(candleSchema) }),
  ttlMs: CHART_LAG_MS,
};

type CandlesQuery = EndpointInput<'GET /api/v1/market-data/:symbol/candles'>['query'];

/** Candles of market-data, asked for once a second however many browsers look at a chart. */
@Injectable()
export class CandleReader {
  constructor(
    private readonly cache: CacheService,
    private readonly upstream: Upstream,
  ) {}

  /** @throws ProblemException as market-data answered it, or when it cannot be reached */
  async candles(symbol: string, query: CandlesQuery): Promise<readonly Candle[]> {
    try {
      return await this.cached(symbol.toUpperCase(), query);
    } catch (error) {
      // Another process asked in vain a moment ago, so nobody asks again yet.
      if (!(error instanceof CacheLoadError)) throw error;
      throw new ProblemException(503, 'SERVICE_UNAVAILABLE', 'market-data gave no candles.', undefined, {
        'retry-after': '2',
      });
    }
  }

  private cached(symbol: string, { interval, limit }: CandlesQuery): Promise<readonly Candle[]> {
    return this.cache.getOrSet(charts, `${symbol}:${interval}:${limit}`, async () => {
      const path = `/api/v1/market-data/${encodeURIComponent(symbol)}/candles`;
      const query = new URLSearchParams({ interval, limit: String(limit) });
      return charts.schema.parse(await this.upstream.mustRead('market-data', path, query));
    });
  }
}
