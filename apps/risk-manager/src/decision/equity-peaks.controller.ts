import { Controller } from '@nestjs/common';
import type { EndpointInput, EquityPeak } from '@tickbridge/contracts';
import { accounts, Database } from '@tickbridge/database';
import { Input, ProblemException, Serve } from '@tickbridge/service-bootstrap';
import { eq } from 'drizzle-orm';
import { EquityPeaks } from './equity-peaks';

@Controller()
export class EquityPeaksController {
  constructor(
    private readonly peaks: EquityPeaks,
    private readonly database: Database,
  ) {}

  @Serve('POST /api/v1/risk/equity-peaks/:accountId/reset')
  async reset(
    @Input()
    { params: { accountId }, body: reset }: EndpointInput<'POST /api/v1/risk/equity-peaks/:accountId/reset'>,
  ): Promise<EquityPeak> {
    const [account] = await this.database.orm
      .select({ id: accounts.id })
      .from(accounts)
      .where(eq(accounts.id, accountId));
    if (!account) throw new ProblemException(404, 'ACCOUNT_UNKNOWN', `There is no account ${accountId}.`);
    return this.peaks.reset(accountId, reset);
  }
}
