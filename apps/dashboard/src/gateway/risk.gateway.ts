import { Controller, Get, HttpCode, Post, Put, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { riskCheckRequestSchema, riskLimitsChangeSchema } from '@tickbridge/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerName, callerOf } from '../access/caller';
import { asObject } from './as-object';
import { AsksFor } from './asks-for';
import { Gateway } from './gateway';
import { queries } from './requests';

@ApiTags('risk')
@Controller('api/v1/risk')
export class RiskGateway {
  constructor(private readonly gateway: Gateway) {}

  @Post('check')
  @HttpCode(200)
  @ApiOperation({ summary: 'May this order go? Decides and sends nothing' })
  @AsksFor({ body: riskCheckRequestSchema })
  check(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.gateway.forward('riskManager', '/api/v1/risk/check', request, reply);
  }

  @Get('limits')
  @ApiOperation({ summary: 'Risk limits in force' })
  @AsksFor({ query: queries.limits })
  limits(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.gateway.forward('riskManager', '/api/v1/risk/limits', request, reply);
  }

  /** An audited act of a person, under the name they signed in with. */
  @Put('limits')
  @ApiOperation({ summary: 'Changes limits, with a reason' })
  @AsksFor({ body: riskLimitsChangeSchema })
  change(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const person = callerOf(request)?.kind === 'person';
    const body = person ? { ...asObject(request.body), by: callerName(request) } : request.body;
    return this.gateway.forward('riskManager', '/api/v1/risk/limits', request, reply, body);
  }
}
