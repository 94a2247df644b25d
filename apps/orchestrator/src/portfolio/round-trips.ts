import { Injectable } from '@nestjs/common';
import type { GroupStatistics, RoundTrip, StatisticsGroup } from '@tickbridge/contracts';
import { TradeTally } from '@tickbridge/trading-core';
import type { StoredAccount } from '../accounts/account.repository';
import { TradingFeeds } from '../market/trading-feeds';
import { RoundTripRepository, type TripSelection } from './round-trip.repository';

/** What an account's positions came to, from flat to flat. */
@Injectable()
export class RoundTrips {
  constructor(
    private readonly trips: RoundTripRepository,
    private readonly feeds: TradingFeeds,
  ) {}

  /** Closed ones, the newest first. */
  list(selection: TripSelection): Promise<RoundTrip[]> {
    return this.trips.closed(selection);
  }

  /** Statistics per group, in the order of the groups; days are those of the market's clock. */
  async statistics(
    account: StoredAccount,
    by: StatisticsGroup,
    selection: Omit<TripSelection, 'accountId'> = {},
  ): Promise<GroupStatistics[]> {
    const { calendar } = this.feeds.of(account.feed);
    const groupOf: Record<StatisticsGroup, (trip: RoundTrip) => string> = {
      account: ({ accountId }) => accountId,
      strategy: ({ strategy }) => strategy,
      symbol: ({ symbol }) => symbol,
      day: ({ closedAt }) => calendar.tradingDay(Date.parse(closedAt)).date,
    };
    const tallies = new Map<string, TradeTally>();
    for (const trip of await this.trips.closed({ ...selection, accountId: account.id })) {
      const group = groupOf[by](trip);
      const tally = tallies.get(group) ?? new TradeTally();
      tallies.set(group, tally);
      tally.add(trip);
    }
    return [...tallies]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([group, tally]) => ({ group, ...tally.statistics() }));
  }
}
