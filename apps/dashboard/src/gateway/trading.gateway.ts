import { Controller, Delete, Get, HttpCode, Patch, Post, Put, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { strategyChangeSchema, tokenSubmissionSchema, tradingCommandSchema } from '@tickbridge/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerName, callerOf } from '../access/caller';
import { asObject } from './as-object';
import { AsksFor } from './asks-for';
import { Gateway } from './gateway';
import { paths, queries } from './requests';

/** What the orchestrator owns. It checks the bodies itself; its problems come back as they are. */
@ApiTags('trading')
@Controller('api/v1')
export class TradingGateway {
  constructor(private readonly gateway: Gateway) {}

  @Get('signals/recent')
  @ApiOperation({ summary: 'Recent signals, newest first' })
  @AsksFor({ query: queries.signals })
  signals(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/signals/recent', request, reply);
  }

  @Get('signals/stats')
  @ApiOperation({ summary: 'Counts over the signal buffer' })
  signalStats(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/signals/stats', request, reply);
  }

  @Get('orders')
  @ApiOperation({ summary: 'Orders, newest first' })
  @AsksFor({ query: queries.orders })
  orders(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/orders', request, reply);
  }

  @Get('orders/:id')
  @ApiOperation({ summary: 'One order with its events' })
  @AsksFor({ path: paths.order })
  order(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/orders/:id', request, reply);
  }

  @Get('positions')
  @ApiOperation({ summary: 'Positions with their profit' })
  @AsksFor({ query: queries.positions })
  positions(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/positions', request, reply);
  }

  @Get('portfolio')
  @ApiOperation({ summary: 'Cash, profit and equity' })
  @AsksFor({ query: queries.portfolio })
  portfolio(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/portfolio', request, reply);
  }

  @Get('strategies')
  @ApiOperation({ summary: 'Strategies and what they have seen' })
  strategies(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/strategies', request, reply);
  }

  @Patch('strategies/:id')
  @ApiOperation({ summary: 'Switches a strategy on or off, or changes its parameters' })
  @AsksFor({ path: paths.strategy, body: strategyChangeSchema })
  changeStrategy(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/strategies/:id', request, reply);
  }

  @Get('trading/state')
  @ApiOperation({ summary: 'Where the kill ladder stands' })
  state(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/trading/state', request, reply);
  }

  /** Who pressed the button is not the browser's to say: for people it is the name they signed in with. */
  @Post('trading/:command')
  @HttpCode(200)
  @ApiOperation({ summary: 'start, stop, reduce, halt, flatten or reset, with a reason' })
  @AsksFor({ path: paths.command, body: tradingCommandSchema })
  command(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const body = asObject(request.body);
    const signed = callerOf(request)?.kind === 'person' ? { ...body, by: callerName(request) } : body;
    return this.gateway.forward('orchestrator', '/api/v1/trading/:command', request, reply, signed);
  }

  @Get('accounts')
  @ApiOperation({ summary: 'Trading accounts' })
  accounts(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/accounts', request, reply);
  }

  @Get('accounts/:id/token')
  @ApiOperation({ summary: 'State and expiry of a broker token, never the token' })
  @AsksFor({ path: paths.account })
  token(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/accounts/:id/token', request, reply);
  }

  @Put('accounts/:id/token')
  @ApiOperation({ summary: 'Hands over a broker token' })
  @AsksFor({ path: paths.account, body: tokenSubmissionSchema })
  putToken(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/accounts/:id/token', request, reply);
  }

  @Delete('accounts/:id/token')
  @ApiOperation({ summary: 'Forgets a broker token' })
  @AsksFor({ path: paths.account })
  deleteToken(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/accounts/:id/token', request, reply);
  }

  @Get('pipeline/trace')
  @ApiOperation({ summary: 'Where data stops between feed and fill, and why' })
  trace(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/pipeline/trace', request, reply);
  }

  private pass(template: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    return this.gateway.forward('orchestrator', template, request, reply);
  }
}
