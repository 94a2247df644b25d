import { type DynamicModule, Module } from '@nestjs/common';
import type { FeedName } from '@tickbridge/contracts';
import { LeaseTerm } from './lease-term';

/** One term per feed. */
export class LeaseTerms {
  private readonly terms: ReadonlyMap<FeedName, LeaseTerm>;

  constructor(feeds: readonly FeedName[]) {
    this.terms = new Map(feeds.map((feed) => [feed, new LeaseTerm()]));
  }

  /** @throws RangeError when this process does not have that feed */
  of(feed: FeedName): LeaseTerm {
    const term = this.terms.get(feed);
    if (term !== undefined) return term;
    throw new RangeError(`no term for ${feed}`);
  }
}

/** Terms stand apart from the leases: shared memory asks for them, and the leases are kept in shared memory. */
@Module({})
export class LeaseTermsModule {
  static forFeeds(feeds: readonly FeedName[]): DynamicModule {
    return {
      module: LeaseTermsModule,
      global: true,
      providers: [{ provide: LeaseTerms, useFactory: () => new LeaseTerms(feeds) }],
      exports: [LeaseTerms],
    };
  }
}
