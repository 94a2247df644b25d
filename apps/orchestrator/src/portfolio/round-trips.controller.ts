import { Controller } from '@nestjs/common';
import type { EndpointInput, GroupStatistics, RoundTrip } from '@tickbridge/contracts';
import { Input, Serve } from '@tickbridge/service-bootstrap';
import { AccountFinder } from './account-finder';
import { RoundTrips } from './round-trips';

@Controller()
export class RoundTripsController {
  constructor(
    private readonly accounts: AccountFinder,
    private readonly trips: RoundTrips,
  ) {}

  @Serve('GET /api/v1/portfolio/round-trips')
  async list(@Input() { query }: EndpointInput<'GET /api/v1/portfolio/round-trips'>): Promise<RoundTrip[]> {
    const { id } = await this.accounts.find(query.account);
    return this.trips.list({ ...selectionOf(query), accountId: id, limit: query.limit });
  }

  @Serve('GET /api/v1/portfolio/statistics')
  async statistics(
    @Input() { query }: EndpointInput<'GET /api/v1/portfolio/statistics'>,
  ): Promise<GroupStatistics[]> {
    return this.trips.statistics(await this.accounts.find(query.account), query.groupBy, selectionOf(query));
  }
}

type Selection = { strategy?: string | undefined; symbol?: string | undefined } & Times;
type Times = { from?: string | undefined; to?: string | undefined };

function selectionOf({ strategy, symbol, from, to }: Selection) {
  return {
    strategy,
    symbol,
    from: from === undefined ? undefined : Date.parse(from),
    to: to === undefined ? undefined : Date.parse(to),
  };
}
