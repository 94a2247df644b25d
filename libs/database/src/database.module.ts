import {
  type DynamicModule,
  type InjectionToken,
  Module,
  type ModuleMetadata,
  type OptionalFactoryDependency,
} from '@nestjs/common';
import { Database } from './connection/database';
import { DatabaseClock } from './connection/database.clock';
import { DatabaseHealth } from './connection/database.health';
import { ServiceDirectory } from './platform/service-directory';
import { type DatabaseOptions, DatabaseSettings } from './connection/database.options';

export interface DatabaseAsyncOptions {
  imports?: ModuleMetadata['imports'];
  inject?: (InjectionToken | OptionalFactoryDependency)[];
  useFactory: (...dependencies: never[]) => DatabaseOptions | Promise<DatabaseOptions>;
}

/** PostgreSQL for every module of an application. */
@Module({})
export class DatabaseModule {
  static forRootAsync(options: DatabaseAsyncOptions): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      imports: options.imports ?? [],
      providers: [
        {
          provide: DatabaseSettings,
          inject: options.inject ?? [],
          useFactory: async (...dependencies: never[]) => ({
            value: await options.useFactory(...dependencies),
          }),
        },
        Database,
        DatabaseClock,
        DatabaseHealth,
        ServiceDirectory,
      ],
      exports: [Database, DatabaseClock, DatabaseHealth, ServiceDirectory],
    };
  }
}
