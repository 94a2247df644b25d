import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { FeedName } from '@tickbridge/contracts';
import { Database } from '@tickbridge/database';
import { RedisConnection } from '@tickbridge/shared-cache';
import { FeedLease } from './feed-lease';
import { LeaseTerm } from './lease-term';
import { PostgresLeaseStore } from './postgres.lease-store';
import { RedisLeaseStore } from './redis.lease-store';

/** The term stands apart from the lease: shared memory asks for it, and the lease is kept in shared memory. */
@Global()
@Module({ providers: [{ provide: LeaseTerm, useFactory: () => new LeaseTerm() }], exports: [LeaseTerm] })
export class LeaseTermModule {}

/** The lease on the vendor's login, in whatever stores are configured. */
@Module({})
export class LeaseModule {
  /** @param sharedCache the module that brings the connection to Redis */
  static forFeed(feed: FeedName, hasDatabase: boolean, sharedCache: DynamicModule): DynamicModule {
    return {
      module: LeaseModule,
      imports: [sharedCache],
      providers: [
        {
          provide: FeedLease,
          inject: [LeaseTerm, RedisConnection, Database],
          useFactory: (term: LeaseTerm, redis: RedisConnection, database: Database) =>
            new FeedLease(
              instanceName(),
              [
                ...(hasDatabase ? [new PostgresLeaseStore(database, feed)] : []),
                ...(redis.configured ? [new RedisLeaseStore(redis, feed)] : []),
              ],
              term,
            ),
        },
      ],
      exports: [FeedLease],
    };
  }
}

/** Says where to look for the process, and is never used twice. */
function instanceName(): string {
  return `${hostname()}/${process.pid}-${randomBytes(3).toString('hex')}`;
}
