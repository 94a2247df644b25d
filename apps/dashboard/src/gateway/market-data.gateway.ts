import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Gateway } from './gateway';

@ApiTags('market data')
@Controller('api/v1')
export class MarketDataGateway {
  constructor(private readonly gateway: Gateway) {}

  @Get('market-data/:symbol')
  @ApiOperation({ summary: 'Newest tick of one symbol, from market-data' })
  tick(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.gateway.forward('marketData', '/api/v1/market-data/:symbol', request, reply);
  }

  @Get('market-data/:symbol/candles')
  @ApiOperation({ summary: 'Candles of a symbol, from market-data' })
  candles(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.gateway.forward('marketData', '/api/v1/market-data/:symbol/candles', request, reply);
  }

  @Get('feed/status')
  @ApiOperation({ summary: 'State of the vendor connection, from market-data' })
  feed(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.gateway.forward('marketData', '/api/v1/feed/status', request, reply);
  }
}
