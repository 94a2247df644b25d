import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import {
  accountChangeSchema,
  accountSchema,
  brokerStatementSchema,
  newAccountSchema,
  tokenStatusSchema,
  tokenSubmissionSchema,
  type Account,
  type AccountChange,
  type BrokerStatement,
  type NewAccount,
  type TokenStatus,
  type TokenSubmission,
} from '@tickbridge/contracts';
import { z } from 'zod';
import { BrokerStatements } from './broker-statements';
import { AccountTokens } from '../tokens/account-tokens';
import { AccountAdmin } from './account-admin';

const idSchema = accountSchema.shape.id;

@ApiTags('accounts')
@ApiResponse({ status: 503, description: '`DATABASE_UNAVAILABLE`' })
@Controller('api/v1/accounts')
export class AccountsController {
  constructor(
    private readonly accounts: AccountAdmin,
    private readonly tokens: AccountTokens,
    private readonly statements: BrokerStatements,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Trading accounts, who trades them, and what stands in the way' })
  @ApiOkResponse({ standardSchema: z.array(accountSchema) })
  list(): Promise<Account[]> {
    return this.accounts.list();
  }

  @Post()
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Opens an account: paper, or at a broker and disarmed until a person arms it' })
  @ApiCreatedResponse({ standardSchema: accountSchema })
  @ApiBody({
    schema: { type: 'object' },
    examples: {
      paper: {
        summary: 'A second paper account that follows one strategy',
        value: {
          ...{ id: 'PAPER_TRADER_002', broker: 'paper', feed: 'simulator', capital: '500000' },
          ...{ strategies: ['momentum-breakout'], by: 'mira', reason: 'try the breakout alone' },
        },
      },
      real: {
        summary: 'An account at a broker; it starts disarmed',
        value: {
          ...{ id: 'MASTER_USER_001', broker: 'sharekhan', feed: 'truedata', capital: '250000' },
          ...{ by: 'mira', reason: 'go live' },
        },
      },
    },
  })
  @ApiResponse({ status: 400, description: '`INVALID_INPUT`: each bad field by name' })
  @ApiResponse({ status: 409, description: '`ACCOUNT_EXISTS`, or `FEED_NOT_RUNNING`' })
  open(@Body({ schema: newAccountSchema }) account: NewAccount): Promise<Account> {
    return this.accounts.open(account);
  }

  @Patch(':id')
  @ApiBearerAuth()
  @ApiOperation({
    summary: 'Enables, disables, arms or disarms an account, or names the strategies it follows',
  })
  @ApiOkResponse({ standardSchema: accountSchema })
  @ApiBody({
    schema: { type: 'object' },
    examples: {
      arm: {
        summary: 'Arm for real orders',
        value: { armed: true, by: 'mira', reason: 'rehearsed for a week' },
      },
      disable: { summary: 'Take it out', value: { enabled: false, by: 'mira', reason: 'holiday' } },
    },
  })
  @ApiResponse({ status: 400, description: '`INVALID_INPUT`: each bad field by name' })
  @ApiResponse({ status: 404, description: '`ACCOUNT_UNKNOWN`' })
  change(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: accountChangeSchema }) change: AccountChange,
  ): Promise<Account> {
    return this.accounts.change(id, change);
  }

  @Get(':id/statement')
  @ApiOperation({
    summary: "The customer's positions, holdings and limits as the broker shows them",
    description:
      "In the broker's own words, trades made elsewhere included; the same answer for five seconds. Positions of the " +
      'platform are the fold of proved fills: `GET /api/v1/positions`.',
  })
  @ApiOkResponse({
    standardSchema: brokerStatementSchema,
    example: {
      accountId: 'MASTER_USER_001',
      broker: 'sharekhan',
      readAt: '2026-11-20T05:30:00.000Z',
      positions: [{ exchange: 'NC', scripCode: 2885, tradingSymbol: 'RELIANCE', netQty: 3 }],
      holdings: [],
      limits: [{ availableBalance: 991_240.5 }],
    },
  })
  @ApiResponse({ status: 404, description: '`ACCOUNT_UNKNOWN`' })
  @ApiResponse({
    status: 409,
    description:
      '`NO_BROKER_STATEMENT` (a paper account), `BROKER_NOT_SET_UP`, `TOKEN_MISSING`, `TOKEN_EXPIRED`, `TOKEN_REJECTED`, `CUSTOMER_UNKNOWN`',
  })
  @ApiResponse({
    status: 503,
    description: '`BROKER_UNREACHABLE`, `BROKER_THROTTLED`, `DATABASE_UNAVAILABLE`',
  })
  statement(@Param('id', { schema: idSchema }) id: string): Promise<BrokerStatement> {
    return this.statements.of(id);
  }

  @Get(':id/token')
  @ApiOperation({ summary: 'State and expiry of the broker token, never the token' })
  @ApiOkResponse({ standardSchema: tokenStatusSchema })
  @ApiResponse({ status: 404, description: '`ACCOUNT_UNKNOWN`' })
  token(@Param('id', { schema: idSchema }) id: string): Promise<TokenStatus> {
    return this.tokens.status(id);
  }

  @Put(':id/token')
  @ApiBearerAuth()
  @ApiOperation({
    summary: "Stores today's broker token, encrypted; it ends with the Indian trading day unless told",
  })
  @ApiOkResponse({ standardSchema: tokenStatusSchema })
  @ApiBody({
    schema: { type: 'object' },
    examples: { token: { summary: "Today's access token", value: { token: 'the token of the day' } } },
  })
  @ApiResponse({ status: 400, description: '`INVALID_INPUT`: each bad field by name' })
  @ApiResponse({ status: 404, description: '`ACCOUNT_UNKNOWN`' })
  submit(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: tokenSubmissionSchema }) submission: TokenSubmission,
  ): Promise<TokenStatus> {
    return this.tokens.submit(id, submission);
  }

  @Delete(':id/token')
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Takes the broker token back at once' })
  @ApiOkResponse({ standardSchema: tokenStatusSchema })
  @ApiResponse({ status: 404, description: '`ACCOUNT_UNKNOWN`' })
  revoke(@Param('id', { schema: idSchema }) id: string): Promise<TokenStatus> {
    return this.tokens.revoke(id);
  }
}
