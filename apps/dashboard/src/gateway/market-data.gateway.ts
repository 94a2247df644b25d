import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Candle, candleSchema } from '@tickbridge/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CandleReader, type CandlesQuery, candlesQuerySchema } from '../market/candle.reader';
import { AsksFor } from './asks-for';
import { Gateway } from './gateway';
import { paths } from './requests';

const symbolSchema = z.string().min(1).max(50).toUpperCase();

@ApiTags('market data')
@Controller('api/v1')
export class MarketDataGateway {
  constructor(
    private readonly gateway: Gateway,
    private readonly reader: CandleReader,
  ) {}

  @Get('market-data/:symbol')
  @ApiOperation({ summary: 'Newest tick of one symbol, from market-data' })
  @AsksFor({ path: paths.symbol })
  tick(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.gateway.forward('marketData', '/api/v1/market-data/:symbol', request, reply);
  }

  @Get('market-data/:symbol/candles')
  @ApiOperation({ summary: 'Candles of a symbol, from market-data, at most a second old' })
  @ApiOkResponse({ standardSchema: z.array(candleSchema) })
  candles(
    @Param('symbol', { schema: symbolSchema }) symbol: string,
    @Query({ schema: candlesQuerySchema }) query: CandlesQuery,
  ): Promise<readonly Candle[]> {
    return this.reader.candles(symbol, query);
  }

  @Get('insights/macro')
  @ApiOperation({ summary: 'What the feeds say of the economy, from market-data' })
  macro(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.gateway.forward('marketData', '/api/v1/insights/macro', request, reply);
  }

  @Get('insights/:kind/:symbol')
  @ApiOperation({ summary: 'On-chain, sentiment or predictions of a symbol, from market-data' })
  @AsksFor({ path: paths.insight })
  insight(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.gateway.forward('marketData', '/api/v1/insights/:kind/:symbol', request, reply);
  }

  @Get('feed/status')
  @ApiOperation({ summary: 'State of the vendor connection, from market-data' })
  feed(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.gateway.forward('marketData', '/api/v1/feed/status', request, reply);
  }
}
