import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  accountChangeSchema,
  accountSchema,
  newAccountSchema,
  tokenStatusSchema,
  tokenSubmissionSchema,
  type Account,
  type AccountChange,
  type NewAccount,
  type TokenStatus,
  type TokenSubmission,
} from '@tickbridge/contracts';
import { z } from 'zod';
import { AccountTokens } from '../tokens/account-tokens';
import { AccountAdmin } from './account-admin';

const idSchema = accountSchema.shape.id;

@ApiTags('accounts')
@Controller('api/v1/accounts')
export class AccountsController {
  constructor(
    private readonly accounts: AccountAdmin,
    private readonly tokens: AccountTokens,
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
  open(@Body({ schema: newAccountSchema }) account: NewAccount): Promise<Account> {
    return this.accounts.open(account);
  }

  @Patch(':id')
  @ApiBearerAuth()
  @ApiOperation({
    summary: 'Enables, disables, arms or disarms an account, or names the strategies it follows',
  })
  @ApiOkResponse({ standardSchema: accountSchema })
  change(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: accountChangeSchema }) change: AccountChange,
  ): Promise<Account> {
    return this.accounts.change(id, change);
  }

  @Get(':id/token')
  @ApiOperation({ summary: 'State and expiry of the broker token, never the token' })
  @ApiOkResponse({ standardSchema: tokenStatusSchema })
  token(@Param('id', { schema: idSchema }) id: string): Promise<TokenStatus> {
    return this.tokens.status(id);
  }

  @Put(':id/token')
  @ApiBearerAuth()
  @ApiOperation({
    summary: "Stores today's broker token, encrypted; it ends with the Indian trading day unless told",
  })
  @ApiOkResponse({ standardSchema: tokenStatusSchema })
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
  revoke(@Param('id', { schema: idSchema }) id: string): Promise<TokenStatus> {
    return this.tokens.revoke(id);
  }
}
