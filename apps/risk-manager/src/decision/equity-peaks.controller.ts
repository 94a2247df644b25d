import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  equityPeakResetSchema,
  equityPeakSchema,
  type EquityPeak,
  type EquityPeakReset,
} from '@tickbridge/contracts';
import { accounts, Database } from '@tickbridge/database';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { EquityPeaks } from './equity-peaks';

@ApiTags('risk')
@Controller('api/v1/risk/equity-peaks')
export class EquityPeaksController {
  constructor(
    private readonly peaks: EquityPeaks,
    private readonly database: Database,
  ) {}

  @Post(':accountId/reset')
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({
    summary: 'Count drawdowns from another equity on, with name and reason; kept in the audit trail',
  })
  @ApiOkResponse({ standardSchema: equityPeakSchema })
  @ApiNotFoundResponse({ description: '`ACCOUNT_UNKNOWN`' })
  async reset(
    @Param('accountId', { schema: z.string().min(1).max(64) }) accountId: string,
    @Body({ schema: equityPeakResetSchema }) reset: EquityPeakReset,
  ): Promise<EquityPeak> {
    const [account] = await this.database.orm
      .select({ id: accounts.id })
      .from(accounts)
      .where(eq(accounts.id, accountId));
    if (!account) throw new ProblemException(404, 'ACCOUNT_UNKNOWN', `There is no account ${accountId}.`);
    return this.peaks.reset(accountId, reset);
  }
}
