import { Controller, Get, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { portfolioSchema, positionSchema, type Portfolio, type Position } from '@tickbridge/contracts';
import { z } from 'zod';
import { AccountFinder } from './account-finder';
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
    private readonly accounts: AccountFinder,
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
  @ApiNotFoundResponse({ description: '`ACCOUNT_UNKNOWN`' })
  async portfolio(
    @Query({ schema: portfolioQuerySchema }) query: z.output<typeof portfolioQuerySchema>,
  ): Promise<Portfolio> {
    return this.portfolios.portfolio(await this.accounts.find(query.account));
  }
}
