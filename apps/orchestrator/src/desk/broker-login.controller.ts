import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  accountSchema,
  brokerLoginSchema,
  loginReturnSchema,
  pastedLoginSchema,
  tokenStatusSchema,
  type BrokerLogin,
  type LoginReturn,
  type PastedLogin,
  type TokenStatus,
} from '@tickbridge/contracts';
import { z } from 'zod';
import { AccountTokens } from '../tokens/account-tokens';
import { BrokerLogins } from './broker-logins';

const idSchema = accountSchema.shape.id;
/** Whose login it is, as the dashboard names its sessions; never the session's id itself. */
const session = z.string().min(1).max(200);
const returnSchema = loginReturnSchema.extend({ session });

const STATE_EXAMPLE = 'MASTER_USER_001.mhr8k2f0.5f0c…9a.Zk3…Q';
const TOKEN_PROBLEMS = [
  'REQUEST_TOKEN_INVALID: not made by the broker for this app, or altered',
  'REQUEST_TOKEN_REFUSED: used before, or too old',
  'CUSTOMER_MISMATCH: the account belongs to another customer of the broker',
  'NO_BROKER_LOGIN: a paper account',
  'BROKER_NOT_SET_UP: SHAREKHAN_API_KEY and SHAREKHAN_SECRET_KEY are missing',
];

@ApiTags('broker login')
@Controller('api/v1/accounts')
export class BrokerLoginController {
  constructor(
    private readonly logins: BrokerLogins,
    private readonly tokens: AccountTokens,
  ) {}

  @Get('tokens')
  @ApiOperation({ summary: 'State and expiry of the token of every account at a broker, never the tokens' })
  @ApiOkResponse({
    standardSchema: z.array(tokenStatusSchema),
    example: [
      {
        provider: 'sharekhan',
        accountId: 'MASTER_USER_001',
        state: 'valid',
        expiresAt: '2026-11-20T18:30:00.000Z',
        updatedAt: '2026-11-20T03:31:07.412Z',
      },
    ],
  })
  list(): Promise<TokenStatus[]> {
    return this.tokens.list();
  }

  @Get(':id/login')
  @ApiOperation({
    summary: "Address of the broker's login page for this account, good once and for 10 minutes",
  })
  @ApiOkResponse({
    standardSchema: brokerLoginSchema,
    example: {
      url: `https://api.sharekhan.com/skapi/auth/login.html?api_key=…&state=${STATE_EXAMPLE}&version_id=1005`,
      expiresAt: '2026-11-20T04:10:00.000Z',
    },
  })
  @ApiResponse({ status: 404, description: 'ACCOUNT_UNKNOWN' })
  @ApiResponse({ status: 409, description: 'NO_BROKER_LOGIN, BROKER_NOT_SET_UP' })
  begin(
    @Param('id', { schema: idSchema }) id: string,
    @Query('session', { schema: session }) by: string,
  ): Promise<BrokerLogin> {
    return this.logins.begin(id, by);
  }

  @Post('login')
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Completes a login with the request token the broker sent the browser back with' })
  @ApiBody({
    schema: { example: { state: STATE_EXAMPLE, requestToken: 'kehN18adRKirqgcB…', session: 'a1b2…' } },
  })
  @ApiOkResponse({ standardSchema: tokenStatusSchema })
  @ApiResponse({
    status: 400,
    description: `LOGIN_STATE_INVALID: begun in another session, or altered; LOGIN_STATE_EXPIRED; ${TOKEN_PROBLEMS[0]}`,
  })
  @ApiResponse({
    status: 409,
    description: `LOGIN_STATE_USED: completed already; ${TOKEN_PROBLEMS.slice(1).join('; ')}`,
  })
  @ApiResponse({ status: 502, description: 'BROKER_ANSWER_UNREADABLE' })
  @ApiResponse({ status: 503, description: 'BROKER_UNREACHABLE, BROKER_THROTTLED' })
  complete(@Body({ schema: returnSchema }) body: LoginReturn & { session: string }): Promise<TokenStatus> {
    const { session: by, ...login } = body;
    return this.logins.complete(login, by);
  }

  @Post(':id/login')
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({
    summary: 'Takes a request token, or an access token with its customer, carried over by hand',
  })
  @ApiBody({
    schema: {
      oneOf: [
        { type: 'object', example: { requestToken: 'kehN18adRKirqgcB…' } },
        { type: 'object', example: { accessToken: '…', customerId: '987654' } },
      ],
    },
  })
  @ApiOkResponse({ standardSchema: tokenStatusSchema })
  @ApiResponse({ status: 400, description: TOKEN_PROBLEMS[0] ?? '' })
  @ApiResponse({ status: 404, description: 'ACCOUNT_UNKNOWN' })
  @ApiResponse({ status: 409, description: TOKEN_PROBLEMS.slice(1).join('; ') })
  @ApiResponse({ status: 502, description: 'BROKER_ANSWER_UNREADABLE' })
  @ApiResponse({ status: 503, description: 'BROKER_UNREACHABLE, BROKER_THROTTLED' })
  paste(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: pastedLoginSchema }) pasted: PastedLogin,
  ): Promise<TokenStatus> {
    return this.logins.paste(id, pasted);
  }
}
