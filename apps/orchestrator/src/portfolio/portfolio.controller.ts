import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { portfolioSchema, positionSchema, type Portfolio, type Position } from '@tickbridge/contracts';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { z } from 'zod';
import { AccountRepository } from '../accounts/account.repository';
import { PortfolioService } from './portfolio.service';

const account = z.string().min(1).max(64).optional();
const portfolioQuerySchema = z.strictObject({ account });
const positionsQuerySchema = z.strictObject({
  account,
  /** `all` adds flat positions with their realised profit. */
  state: z.enum(['open', 'all']).default('open'),
});

@ApiTags('portfolio')
@Controller('api/v1')
export class PortfolioController {
  constructor(
    private readonly portfolios: PortfolioService,
    private readonly accounts: AccountRepository,
  ) {}

  @Get('positions')
  @ApiOperation({ summary: "Open positions of this feed's accounts, valued at the newest prices" })
  @ApiOkResponse({ standardSchema: z.array(positionSchema) })
  positions(
    @Query({ schema: positionsQuerySchema }) query: z.output<typeof positionsQuerySchema>,
  ): Promise<Position[]> {
    return this.portfolios.positions({ account: query.account, all: query.state === 'all' });
  }

  @Get('portfolio')
  @ApiOperation({ summary: "Cash, profit and equity of an account; without one, of this feed's first" })
  @ApiOkResponse({ standardSchema: portfolioSchema })
  async portfolio(
    @Query({ schema: portfolioQuerySchema }) query: z.output<typeof portfolioQuerySchema>,
  ): Promise<Portfolio> {
    const found =
      query.account === undefined
        ? (await this.accounts.tradable())[0]
        : await this.accounts.find(query.account);
    if (found) return this.portfolios.portfolio(found);
    throw new ProblemException(
      404,
      'ACCOUNT_UNKNOWN',
      `There is no ${query.account === undefined ? 'enabled account of this feed' : `account ${query.account}`}.`,
    );
  }
}
