import { type DynamicModule, Module } from '@nestjs/common';
import type { FeedName } from '@tickbridge/contracts';
import { Database } from '@tickbridge/database';
import { CandleKeeper } from './candle.keeper';
import { CandleReader } from './candle.reader';
import { CandleRepository } from './candle.repository';
import { CandleRetention } from './candle.retention';

/** Candles from trade to PostgreSQL and back. */
@Module({})
export class CandlesModule {
  static forFeed({ name }: { name: FeedName }, hasDatabase: boolean): DynamicModule {
    const repository = (database: Database) => (hasDatabase ? new CandleRepository(database, name) : null);
    // A recording begins anew with every start, and its clock is in it.
    const live = name !== 'replay';
    return {
      module: CandlesModule,
      providers: [
        {
          provide: CandleKeeper,
          inject: [Database],
          useFactory: (database: Database) => new CandleKeeper(repository(database), live),
        },
        {
          provide: CandleReader,
          inject: [CandleKeeper, Database],
          useFactory: (keeper: CandleKeeper, database: Database) =>
            new CandleReader(keeper, repository(database)),
        },
        {
          provide: CandleRetention,
          inject: [CandleKeeper, Database],
          useFactory: (keeper: CandleKeeper, database: Database) =>
            new CandleRetention(repository(database), () => keeper.book.exchangeTime),
        },
      ],
      exports: [CandleKeeper, CandleReader, CandleRetention],
    };
  }
}
