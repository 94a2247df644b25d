import { type DynamicModule, Module } from '@nestjs/common';
import { DatabaseHealth, DatabaseModule } from '@tickbridge/database';
import { dependencies, MetricsRegistry, refuseStart, ServiceAddress } from '@tickbridge/service-bootstrap';
import {
  LiveMarketData,
  MemcachedConnection,
  RedisConnection,
  SharedCacheModule,
} from '@tickbridge/shared-cache';
import { AuditController } from './audit/audit.controller';
import { AuditLog } from './audit/audit.log';
import { DashboardAccess } from './authentication/dashboard.access';
import { DashboardConfig } from './config/app.config';
import { Gateway } from './gateway/gateway';
import { PassedOnController } from './gateway/passed-on.controller';
import { Upstream } from './gateway/upstream';
import { AttemptStore } from './guessing/attempt-store';
import { GuessLimiter } from './guessing/guess-limiter';
import { KnownNetworks } from './guessing/known-networks';
import { AdminAccount } from './identity/admin.account';
import { AuthController } from './identity/auth.controller';
import { LoginService } from './identity/login.service';
import { OwnAccount } from './identity/own-account';
import { PasswordCheck } from './identity/password-check';
import { PostgresSessionRepository } from './identity/postgres-session.repository';
import { ProofController } from './identity/proof.controller';
import { SecondFactor } from './identity/second-factor';
import { SessionEnd } from './identity/session-end';
import { UserRepository } from './identity/user.repository';
import { ApiKeys } from './keys/api-keys';
import { ApiKeysController } from './keys/api-keys.controller';
import { StreamController } from './live-updates/stream.controller';
import { StreamGuard } from './live-updates/stream.guard';
import { TradingEventsController } from './live-updates/trading.events.controller';
import { TradingNews } from './live-updates/trading.news';
import { TradingPoller } from './live-updates/trading.poller';
import { CandleReader } from './market/candle.reader';
import { LiveMarket } from './market/live-market';
import { MarketController } from './market/market.controller';
import { MarketViewsReader } from './market/market.views.reader';
import { DashboardController } from './overview/dashboard.controller';
import { TradingReader } from './overview/trading.reader';
import { StreamHub } from './stream/stream.hub';
import { SystemController } from './system/system.controller';
import { SystemMonitor } from './system/system.monitor';
import { UsersController } from './users/users.controller';

@Module({})
export class DashboardModule {
  static forConfig(config: DashboardConfig): DynamicModule {
    return {
      module: DashboardModule,
      imports: [database(config), sharedCache(config)],
      controllers: [
        ApiKeysController,
        AuditController,
        AuthController,
        DashboardController,
        MarketController,
        PassedOnController,
        ProofController,
        StreamController,
        SystemController,
        TradingEventsController,
        UsersController,
      ],
      providers: [
        { provide: DashboardConfig, useValue: config },
        AdminAccount,
        CandleReader,
        DashboardAccess,
        dependencies({
          redis: RedisConnection,
          memcached: MemcachedConnection,
          postgresql: DatabaseHealth,
          'live-market-data': LiveMarketData,
        }),
        Gateway,
        LiveMarket,
        MarketViewsReader,
        ApiKeys,
        AttemptStore,
        AuditLog,
        GuessLimiter,
        KnownNetworks,
        OwnAccount,
        PasswordCheck,
        SecondFactor,
        SessionEnd,
        StreamGuard,
        LoginService,
        StreamHub,
        SystemMonitor,
        TradingNews,
        TradingPoller,
        TradingReader,
        Upstream,
        UserRepository,
      ],
    };
  }
}

function database(config: DashboardConfig): DynamicModule {
  return DatabaseModule.forRootAsync({
    inject: [ServiceAddress],
    useFactory: (address: ServiceAddress) => ({
      url: config.databaseUrl,
      applicationName: 'tickbridge-dashboard',
      installation: config.installation.id,
      announce: { service: 'dashboard', address: address.whenListening() },
      onForeign: refuseStart,
      maxConnections: 5,
    }),
  });
}

function sharedCache(config: DashboardConfig): DynamicModule {
  return SharedCacheModule.forRootAsync({
    isGlobal: true,
    inject: [MetricsRegistry],
    useFactory: (metrics: MetricsRegistry) => ({
      service: 'dashboard',
      installation: config.installation.id,
      redis: config.redis,
      memcached: config.memcached,
      liveMarketData: {
        sources: config.feeds,
        httpUrl: config.services.marketData,
        internalApiKey: config.serviceKey,
        directory: config.liveDirectory,
      },
      metrics,
    }),
    parts: { liveMarketData: 'reader', sessions: PostgresSessionRepository },
  });
}
