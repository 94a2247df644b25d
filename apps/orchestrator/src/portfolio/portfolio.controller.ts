import { Controller } from '@nestjs/common';
import type { EndpointInput, Portfolio, Position } from '@tickbridge/contracts';
import { Input, Serve } from '@tickbridge/service-bootstrap';
import { AccountFinder } from './account-finder';
import { PortfolioService } from './portfolio.service';

@Controller()
export class PortfolioController {
  constructor(
    private readonly portfolios: PortfolioService,
    private readonly accounts: AccountFinder,
  ) {}

  @Serve('GET /api/v1/positions')
  positions(@Input() { query }: EndpointInput<'GET /api/v1/positions'>): Promise<Position[]> {
    return this.portfolios.positions({ account: query.account, all: query.state === 'all' });
  }

  @Serve('GET /api/v1/portfolio')
  async portfolio(@Input() { query }: EndpointInput<'GET /api/v1/portfolio'>): Promise<Portfolio> {
    return this.portfolios.portfolio(await this.accounts.find(query.account));
  }
}
