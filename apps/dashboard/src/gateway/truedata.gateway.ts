import { Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { feedStatusSchema } from '@tickbridge/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Gateway } from './gateway';

/** The TrueData connection, which market-data holds. Each act answers with the resulting status. */
@ApiTags('truedata')
@Controller('api/v1/truedata')
export class TrueDataGateway {
  constructor(private readonly gateway: Gateway) {}

  @Get('status')
  @ApiOperation({ summary: 'State of the TrueData connection' })
  @ApiOkResponse({ standardSchema: feedStatusSchema })
  status(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.gateway.forward('marketData', '/api/v1/truedata/status', request, reply);
  }

  @Post('connect')
  @HttpCode(200)
  @ApiOperation({ summary: 'Connects, also after a refused login' })
  @ApiOkResponse({ standardSchema: feedStatusSchema })
  connect(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.gateway.forward('marketData', '/api/v1/truedata/connect', request, reply);
  }

  @Post('reconnect')
  @HttpCode(200)
  @ApiOperation({ summary: 'Logs out and connects anew' })
  @ApiOkResponse({ standardSchema: feedStatusSchema })
  reconnect(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.gateway.forward('marketData', '/api/v1/truedata/reconnect', request, reply);
  }

  @Post('disconnect')
  @HttpCode(200)
  @ApiOperation({ summary: 'Logs out and stays disconnected until connected again' })
  @ApiOkResponse({ standardSchema: feedStatusSchema })
  disconnect(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.gateway.forward('marketData', '/api/v1/truedata/disconnect', request, reply);
  }
}
