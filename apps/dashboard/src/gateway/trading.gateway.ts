import { Controller, Delete, Get, HttpCode, Patch, Post, Put, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  accountChangeSchema,
  manualOrderSchema,
  newAccountSchema,
  orderModificationSchema,
  strategyChangeSchema,
  tokenSubmissionSchema,
  ladderChangeSchema,
  tradingCommandSchema,
} from '@tickbridge/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { AsksFor } from './asks-for';
import { Gateway } from './gateway';
import { paths, queries } from './requests';
import { withCallerName } from './with-caller-name';

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

  @Post('orders')
  @HttpCode(201)
  @ApiOperation({ summary: 'Places an order of a person; the same requestId gives the same order' })
  @AsksFor({ body: manualOrderSchema })
  placeOrder(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.sign('/api/v1/orders', request, reply);
  }

  @Patch('orders/:id')
  @ApiOperation({ summary: 'Changes quantity or limit of a resting order' })
  @AsksFor({ path: paths.order, body: orderModificationSchema })
  modifyOrder(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.sign('/api/v1/orders/:id', request, reply);
  }

  @Post('orders/:id/cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'Cancels an order; possible in every trading state' })
  @AsksFor({ path: paths.order, body: tradingCommandSchema })
  cancelOrder(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.sign('/api/v1/orders/:id/cancel', request, reply);
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

  @Get('portfolio/equity')
  @ApiOperation({ summary: 'Equity of an account, or profit of a strategy, over time' })
  @AsksFor({ query: queries.equity })
  equity(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/portfolio/equity', request, reply);
  }

  @Get('portfolio/strategies')
  @ApiOperation({ summary: 'What each strategy has made of an account' })
  @AsksFor({ query: queries.portfolio })
  strategyPortfolios(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/portfolio/strategies', request, reply);
  }

  @Get('portfolio/days')
  @ApiOperation({ summary: 'Trading days, newest first' })
  @AsksFor({ query: queries.days })
  days(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/portfolio/days', request, reply);
  }

  @Get('portfolio/check')
  @ApiOperation({ summary: 'Compares the books with the fold of all fills' })
  @AsksFor({ query: queries.portfolio })
  checkBooks(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/portfolio/check', request, reply);
  }

  @Get('strategies')
  @ApiOperation({ summary: 'Strategies and what they have seen' })
  strategies(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/strategies', request, reply);
  }

  @Patch('strategies/:id')
  @ApiOperation({ summary: 'Switches a strategy on or off, changes parameters and exits, or resumes it' })
  @AsksFor({ path: paths.strategy, body: strategyChangeSchema })
  changeStrategy(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/strategies/:id', request, reply);
  }

  @Get('trading/state')
  @ApiOperation({ summary: 'Where the kill ladder stands' })
  state(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/trading/state', request, reply);
  }

  @Get('trading/ladder')
  @ApiOperation({ summary: "The kill ladder's triggers: thresholds, figures, and which have acted" })
  ladder(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/trading/ladder', request, reply);
  }

  @Put('trading/ladder')
  @ApiOperation({ summary: "Replaces the triggers' thresholds, with a reason" })
  @AsksFor({ body: ladderChangeSchema })
  setLadder(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.sign('/api/v1/trading/ladder', request, reply);
  }

  @Post('trading/:command')
  @HttpCode(200)
  @ApiOperation({ summary: 'start, stop, reduce, halt, flatten or reset, with a reason' })
  @AsksFor({ path: paths.command, body: tradingCommandSchema })
  command(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.sign('/api/v1/trading/:command', request, reply);
  }

  @Get('accounts')
  @ApiOperation({ summary: 'Trading accounts' })
  accounts(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/accounts', request, reply);
  }

  @Post('accounts')
  @HttpCode(201)
  @ApiOperation({ summary: 'Opens an account, with a reason' })
  @AsksFor({ body: newAccountSchema })
  openAccount(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.sign('/api/v1/accounts', request, reply);
  }

  @Patch('accounts/:id')
  @ApiOperation({
    summary: 'Enables, disables, arms or disarms it, or names its strategies; arming needs a fresh proof',
  })
  @AsksFor({ path: paths.account, body: accountChangeSchema })
  changeAccount(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.sign('/api/v1/accounts/:id', request, reply);
  }

  @Get('accounts/:id/statement')
  @ApiOperation({ summary: "The customer's positions, holdings and limits as the broker shows them" })
  @AsksFor({ path: paths.account })
  statement(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/accounts/:id/statement', request, reply);
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

  /** Passes on under the name of whoever is signed in. */
  private sign(template: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    return this.gateway.forward('orchestrator', template, request, reply, withCallerName(request));
  }
}
