import { createHash } from 'node:crypto';
import { Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  brokerLoginSchema,
  loginReturnSchema,
  pastedLoginSchema,
  tokenStatusSchema,
} from '@tickbridge/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { callerOf } from '../access/caller';
import { asObject } from './as-object';
import { AsksFor } from './asks-for';
import { Gateway } from './gateway';
import { paths } from './requests';

/** The daily login at a broker. A login belongs to the session that begins it: no other completes it. */
@ApiTags('broker login')
@Controller('api/v1/accounts')
export class BrokerLoginGateway {
  constructor(private readonly gateway: Gateway) {}

  @Get('tokens')
  @ApiOperation({ summary: 'State and expiry of the token of every account at a broker, never the tokens' })
  @ApiOkResponse({ standardSchema: z.array(tokenStatusSchema) })
  tokens(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.gateway.forward('orchestrator', '/api/v1/accounts/tokens', request, reply);
  }

  @Get(':id/login')
  @ApiOperation({ summary: "Address of the broker's login page, good once, for 10 minutes, in this session" })
  @AsksFor({ path: paths.account })
  @ApiOkResponse({ standardSchema: brokerLoginSchema })
  @ApiResponse({ status: 409, description: 'NO_BROKER_LOGIN, BROKER_NOT_SET_UP' })
  begin(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = new URLSearchParams({ session: sessionName(request) });
    return this.gateway.forward(
      'orchestrator',
      '/api/v1/accounts/:id/login',
      request,
      reply,
      undefined,
      query,
    );
  }

  @Post('login')
  @HttpCode(200)
  @ApiOperation({ summary: 'Completes a login with what the broker sent the browser back with' })
  @AsksFor({ body: loginReturnSchema })
  @ApiOkResponse({ standardSchema: tokenStatusSchema })
  @ApiResponse({
    status: 400,
    description: 'LOGIN_STATE_INVALID, LOGIN_STATE_EXPIRED, REQUEST_TOKEN_INVALID',
  })
  @ApiResponse({ status: 409, description: 'LOGIN_STATE_USED, REQUEST_TOKEN_REFUSED, CUSTOMER_MISMATCH' })
  complete(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const body = { ...asObject(request.body), session: sessionName(request) };
    return this.gateway.forward('orchestrator', '/api/v1/accounts/login', request, reply, body);
  }

  @Post(':id/login')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Takes a request token, or an access token with its customer, carried over by hand',
  })
  @AsksFor({ path: paths.account, body: pastedLoginSchema })
  @ApiOkResponse({ standardSchema: tokenStatusSchema })
  @ApiResponse({ status: 400, description: 'REQUEST_TOKEN_INVALID' })
  @ApiResponse({ status: 409, description: 'REQUEST_TOKEN_REFUSED, CUSTOMER_MISMATCH, NO_BROKER_LOGIN' })
  paste(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.gateway.forward('orchestrator', '/api/v1/accounts/:id/login', request, reply);
  }
}

/** Names a session to other services without telling what it is stored under. */
function sessionName(request: FastifyRequest): string {
  const caller = callerOf(request);
  if (caller?.kind !== 'person') return 'script';
  return createHash('sha256').update(`broker login ${caller.session.idHash}`).digest('hex');
}
