import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  breadthSchema,
  marketDataAnswerSchema,
  moversSchema,
  overviewSchema,
  regimeSchema,
  tickersSchema,
  tickToJson,
  toIso,
  type Breadth,
  type MarketDataAnswer,
  type Movers,
  type Overview,
  type Regime,
  type Tickers,
} from '@tickbridge/contracts';
import { z } from 'zod';
import { LiveMarket } from './live-market';
import { MarketViewsReader } from './market.views.reader';

const moversQuerySchema = z.strictObject({ limit: z.coerce.number().int().min(1).max(50).default(5) });
type MoversQuery = z.output<typeof moversQuerySchema>;

/** The market as this process reads it from shared memory; every answer says from where, and how old it is. */
@ApiTags('market')
@Controller('api/v1')
export class MarketController {
  constructor(
    private readonly market: LiveMarket,
    private readonly views: MarketViewsReader,
  ) {}

  @Get('market-data')
  @ApiOperation({ summary: 'Newest tick of every symbol, from the live replica' })
  @ApiOkResponse({ standardSchema: marketDataAnswerSchema })
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

  @Get('market/overview')
  @ApiOperation({ summary: 'Counts, median change and turnover of the whole market' })
  @ApiOkResponse({ standardSchema: overviewSchema })
  overview(): Promise<Overview> {
    return this.views.overview();
  }

  @Get('market/tickers')
  @ApiOperation({ summary: 'Last price, change and age of every symbol' })
  @ApiOkResponse({ standardSchema: tickersSchema })
  tickers(): Promise<Tickers> {
    return this.views.tickers();
  }

  @Get('market/movers')
  @ApiOperation({ summary: 'Largest gainers and losers' })
  @ApiOkResponse({ standardSchema: moversSchema })
  movers(@Query({ schema: moversQuerySchema }) query: MoversQuery): Promise<Movers> {
    return this.views.movers(query.limit);
  }

  @Get('market/breadth')
  @ApiOperation({ summary: 'How many symbols rise and fall' })
  @ApiOkResponse({ standardSchema: breadthSchema })
  breadth(): Promise<Breadth> {
    return this.views.breadth();
  }

  @Get('market/regime')
  @ApiOperation({ summary: 'What kind of day it is' })
  @ApiOkResponse({ standardSchema: regimeSchema })
  regime(): Promise<Regime> {
    return this.views.regime();
  }
}
