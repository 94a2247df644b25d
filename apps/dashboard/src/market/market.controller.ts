import { Controller } from '@nestjs/common';
import {
  type Breadth,
  type Candle,
  type EndpointInput,
  type MarketDataAnswer,
  type Movers,
  type Overview,
  type Regime,
  type Tickers,
  tickToJson,
  toIso,
} from '@tickbridge/contracts';
import { Input, Serve } from '@tickbridge/service-bootstrap';
import { CandleReader } from './candle.reader';
import { LiveMarket } from './live-market';
import { MarketViewsReader } from './market.views.reader';

/** The market as this process reads it from shared memory; every answer says from where, and how old it is. */
@Controller()
export class MarketController {
  constructor(
    private readonly market: LiveMarket,
    private readonly views: MarketViewsReader,
    private readonly charts: CandleReader,
  ) {}

  @Serve('GET /api/v1/market-data')
  all(): MarketDataAnswer {
    const { ticks, source, asOf, now } = this.market.state();
    return {
      success: ticks.size > 0,
      source,
      asOf: asOf === null ? null : toIso(asOf),
      ageMs: asOf === null ? null : Math.max(0, now - asOf),
      symbolCount: ticks.size,
      data: Object.fromEntries([...ticks].map(([symbol, tick]) => [symbol, tickToJson(tick)])),
    };
  }

  @Serve('GET /api/v1/market-data/:symbol/candles')
  candles(
    @Input()
    { params: { symbol }, query }: EndpointInput<'GET /api/v1/market-data/:symbol/candles'>,
  ): Promise<readonly Candle[]> {
    return this.charts.candles(symbol, query);
  }

  @Serve('GET /api/v1/market/overview')
  overview(@Input() { query }: EndpointInput<'GET /api/v1/market/overview'>): Promise<Overview> {
    return this.views.overview(query);
  }

  @Serve('GET /api/v1/market/tickers')
  tickers(@Input() { query }: EndpointInput<'GET /api/v1/market/tickers'>): Promise<Tickers> {
    return this.views.tickers(query);
  }

  @Serve('GET /api/v1/market/movers')
  movers(@Input() { query }: EndpointInput<'GET /api/v1/market/movers'>): Promise<Movers> {
    return this.views.movers(query.limit, query);
  }

  @Serve('GET /api/v1/market/breadth')
  breadth(@Input() { query }: EndpointInput<'GET /api/v1/market/breadth'>): Promise<Breadth> {
    return this.views.breadth(query);
  }

  @Serve('GET /api/v1/market/regime')
  regime(@Input() { query }: EndpointInput<'GET /api/v1/market/regime'>): Promise<Regime> {
    return this.views.regime(query);
  }
}
