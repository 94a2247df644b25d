import { type DynamicModule, Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { CalendarHealth, CalendarsModule } from '@tickbridge/calendars';
import { ChargeHealth, ChargesModule } from '@tickbridge/charges';
import { DatabaseHealth, DatabaseModule, isDatabaseFull, isDatabaseUnavailable } from '@tickbridge/database';
import {
  DatabaseProblemInterceptor,
  dependencies,
  MetricsRegistry,
  refuseStart,
  ServiceAddress,
} from '@tickbridge/service-bootstrap';
import {
  LiveMarketData,
  MemcachedConnection,
  RedisConnection,
  SharedCacheModule,
} from '@tickbridge/shared-cache';
import { AccountsModule } from './accounts/accounts.module';
import type { OrchestratorConfig } from './app.config';
import { BrokersModule } from './brokers/brokers.module';
import { CrashPointsModule } from './crash-points/crash-points.module';
import { DeskModule } from './desk/desk.module';
import { JournalModule } from './journal/journal.module';
import { MarketModule } from './market/market.module';
import { OrchestratorSettingsModule } from './orchestrator.settings.module';
import { OrdersModule } from './orders/orders.module';
import { PortfolioModule } from './portfolio/portfolio.module';
import { PositionsModule } from './positions/positions.module';
import { RiskModule } from './risk/risk.module';
import { SignalRepository } from './signals/signal.repository';
import { SignalsModule } from './signals/signals.module';
import { StrategiesModule } from './strategies/strategies.module';
import { TOKEN_ENDS } from './tokens/account-tokens';
import { PostgresTokenRepository } from './tokens/postgres-token.repository';
import { TokensModule } from './tokens/tokens.module';
import { TraceModule } from './trace/trace.module';
import { TradersModule } from './traders/traders.module';
import { TradingLoop } from './trading-loop/trading-loop';
import { TradingLoopModule } from './trading-loop/trading-loop.module';

/** The orchestrator, in the order in which a bar becomes an order and a fill. */
@Module({})
export class OrchestratorModule {
  static forConfig(config: OrchestratorConfig): DynamicModule {
    return {
      module: OrchestratorModule,
      imports: [
        OrchestratorSettingsModule.forConfig(config),
        CrashPointsModule.forPlan(config.plannedCrash),
        database(config),
        sharedCache(config),
        CalendarsModule.forRoot({ directory: config.calendarsDirectory, feeds: config.feeds }),
        ChargesModule.forRoot({ directory: config.chargesDirectory }),
        MarketModule.forFeeds(config.feeds),
        TradingLoopModule,
        StrategiesModule,
        SignalsModule,
        AccountsModule,
        TradersModule,
        OrdersModule,
        RiskModule,
        BrokersModule.forShareKhan(config.shareKhan),
        TokensModule,
        PositionsModule,
        PortfolioModule,
        JournalModule,
        DeskModule,
        TraceModule,
      ],
      providers: [
        dependencies({
          redis: RedisConnection,
          memcached: MemcachedConnection,
          postgresql: DatabaseHealth,
          calendars: CalendarHealth,
          charges: ChargeHealth,
          'live-market-data': LiveMarketData,
          'trading-loop': TradingLoop,
        }),
        {
          provide: APP_INTERCEPTOR,
          useValue: new DatabaseProblemInterceptor({ isDatabaseFull, isDatabaseUnavailable }),
        },
      ],
    };
  }
}

function database(config: OrchestratorConfig): DynamicModule {
  return DatabaseModule.forRootAsync({
    inject: [ServiceAddress],
    useFactory: (address: ServiceAddress) => ({
      url: config.databaseUrl,
      applicationName: 'orchestrator',
      installation: config.installation.id,
      announce: { service: 'orchestrator', address: address.whenListening() },
      onForeign: refuseStart,
    }),
  });
}

function sharedCache(config: OrchestratorConfig): DynamicModule {
  return SharedCacheModule.forRootAsync({
    isGlobal: true,
    inject: [MetricsRegistry],
    useFactory: (metrics: MetricsRegistry) => ({
      service: 'orchestrator',
      installation: config.installation.id,
      redis: config.redis,
      memcached: config.memcached,
      liveMarketData: {
        sources: config.feeds,
        httpUrl: config.marketDataUrl,
        internalApiKey: config.serviceKey,
        directory: config.liveDirectory,
      },
      tokenEncryptionKeys: config.tokenEncryptionKeys,
      tokenEnds: TOKEN_ENDS,
      metrics,
    }),
    parts: {
      liveMarketData: 'reader',
      signals: SignalRepository,
      tokens: PostgresTokenRepository,
      responseCache: true,
    },
  });
}
