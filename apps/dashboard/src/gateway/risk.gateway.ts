import { Controller, Get, HttpCode, Post, Put, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  backtestRequestSchema,
  positionSizingRequestSchema,
  riskCheckRequestSchema,
  riskLimitsChangeSchema,
} from '@tickbridge/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { AsksFor } from './asks-for';
import { Gateway } from './gateway';
import { paths, queries } from './requests';
import { withCallerName } from './with-caller-name';

/** What the risk-manager owns. It checks the bodies itself; its problems come back as they are. */
@ApiTags('risk')
@Controller('api/v1')
export class RiskGateway {
  constructor(private readonly gateway: Gateway) {}

  @Post('risk/check')
  @HttpCode(200)
  @ApiOperation({ summary: 'May this order go? Decides and sends nothing' })
  @AsksFor({ body: riskCheckRequestSchema })
  check(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/risk/check', request, reply);
  }

  @Get('risk/limits')
  @ApiOperation({ summary: 'Risk limits in force' })
  @AsksFor({ query: queries.limits })
  limits(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/risk/limits', request, reply);
  }

  @Get('risk/limits/changes')
  @ApiOperation({ summary: 'Who changed which limits, when and why; newest first' })
  @AsksFor({ query: queries.limitChanges })
  limitChanges(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/risk/limits/changes', request, reply);
  }

  /** An audited act of a person, under the name they signed in with. */
  @Put('risk/limits')
  @ApiOperation({ summary: 'Changes limits, with a reason' })
  @AsksFor({ body: riskLimitsChangeSchema })
  change(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.gateway.forward(
      'riskManager',
      '/api/v1/risk/limits',
      request,
      reply,
      withCallerName(request),
    );
  }

  @Post('position-sizing')
  @HttpCode(200)
  @ApiOperation({ summary: 'How much may be bought or sold short' })
  @AsksFor({ body: positionSizingRequestSchema })
  size(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/position-sizing', request, reply);
  }

  @Get('backtests')
  @ApiOperation({ summary: 'Backtests, newest first, without their results' })
  @AsksFor({ query: queries.backtests })
  backtests(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/backtests', request, reply);
  }

  @Post('backtests')
  @HttpCode(202)
  @ApiOperation({ summary: 'Starts a backtest' })
  @AsksFor({ body: backtestRequestSchema })
  startBacktest(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/backtests', request, reply);
  }

  @Get('backtests/:id')
  @ApiOperation({ summary: 'A backtest with its progress, and its result once it is completed' })
  @AsksFor({ path: paths.backtest })
  backtest(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/backtests/:id', request, reply);
  }

  @Post('backtests/:id/cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'Stops a backtest that waits or runs' })
  @AsksFor({ path: paths.backtest })
  cancelBacktest(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass('/api/v1/backtests/:id/cancel', request, reply);
  }

  private pass(template: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    return this.gateway.forward('riskManager', template, request, reply);
  }
}
