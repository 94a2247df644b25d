import { Body, Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  accountSchema,
  tokenStatusSchema,
  tokenSubmissionSchema,
  type Account,
  type TokenStatus,
  type TokenSubmission,
} from '@tickbridge/contracts';
import { z } from 'zod';
import { AccountTokens } from '../tokens/account-tokens';
import { AccountRepository, toAccount } from './account.repository';

const idSchema = accountSchema.shape.id;

@ApiTags('accounts')
@Controller('api/v1/accounts')
export class AccountsController {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly tokens: AccountTokens,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Trading accounts' })
  @ApiOkResponse({ standardSchema: z.array(accountSchema) })
  async list(): Promise<Account[]> {
    return (await this.accounts.all()).map(toAccount);
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
