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
import type { RiskManagerConfig } from './app.config';
import { BacktestOptions } from './backtests/backtest.options';
import { BacktestRepository } from './backtests/backtest.repository';
import { BacktestRunner } from './backtests/backtest.runner';
import { BacktestService } from './backtests/backtest.service';
import { BacktestsController } from './backtests/backtests.controller';
import { CalendarsController } from './calendars/calendars.controller';
import { CalendarsService } from './calendars/calendars.service';
import { EquityPeakFollower } from './decision/equity-peak.follower';
import { EquityPeakWatch } from './decision/equity-peak.watch';
import { EquityPeaks } from './decision/equity-peaks';
import { EquityPeaksController } from './decision/equity-peaks.controller';
import { LiveOwnMarket, OwnMarket } from './decision/own-market';
import { RiskCheckController } from './decision/risk-check.controller';
import { RiskCheckService } from './decision/risk-check.service';
import { RiskFacts } from './decision/risk-facts';
import { RiskMetrics } from './decision/risk.metrics';
import { LimitsController } from './limits/limits.controller';
import { LimitsService } from './limits/limits.service';
import { RiskFeed } from './limits/risk-feed';
import { PositionSizingController } from './sizing/position-sizing.controller';
import { PositionSizingService } from './sizing/position-sizing.service';
import { SizingFacts } from './sizing/sizing-facts';
import { TradingStateController } from './trading-state/trading-state.controller';

@Module({})
export class RiskManagerModule {
  static forConfig(config: RiskManagerConfig): DynamicModule {
    return {
      module: RiskManagerModule,
      imports: [
        DatabaseModule.forRootAsync({
          inject: [ServiceAddress],
          useFactory: (address: ServiceAddress) => ({
            url: config.databaseUrl,
            applicationName: 'risk-manager',
            installation: config.installation.id,
            announce: { service: 'risk-manager', address: address.whenListening() },
            onForeign: refuseStart,
          }),
        }),
        sharedCache(config),
        CalendarsModule.forRoot({ directory: config.calendarsDirectory, feeds: config.feeds }),
        ChargesModule.forRoot({ directory: config.chargesDirectory }),
      ],
      controllers: [
        RiskCheckController,
        LimitsController,
        EquityPeaksController,
        PositionSizingController,
        BacktestsController,
        TradingStateController,
        CalendarsController,
      ],
      providers: [
        { provide: RiskFeed, useValue: { name: config.feeds[0] } },
        {
          provide: OwnMarket,
          inject: [LiveMarketData],
          useFactory: (live: LiveMarketData) => new LiveOwnMarket(live, config.feeds),
        },
        EquityPeaks,
        EquityPeakFollower,
        EquityPeakWatch,
        RiskFacts,
        RiskCheckService,
        RiskMetrics,
        LimitsService,
        { provide: BacktestOptions, useValue: backtestOptions(config) },
        BacktestRepository,
        BacktestRunner,
        BacktestService,
        SizingFacts,
        PositionSizingService,
        CalendarsService,
        dependencies({
          redis: RedisConnection,
          memcached: MemcachedConnection,
          postgresql: DatabaseHealth,
          calendars: CalendarHealth,
          charges: ChargeHealth,
          'live-market-data': LiveMarketData,
        }),
        {
          provide: APP_INTERCEPTOR,
          useValue: new DatabaseProblemInterceptor({ isDatabaseFull, isDatabaseUnavailable }),
        },
      ],
    };
  }
}

const MAX_WAITING_BACKTESTS = 100;

function backtestOptions({ backtests, databaseUrl }: RiskManagerConfig): BacktestOptions {
  return { ...backtests, databaseUrl, maxWaiting: MAX_WAITING_BACKTESTS };
}

function sharedCache(config: RiskManagerConfig): DynamicModule {
  return SharedCacheModule.forRootAsync({
    inject: [MetricsRegistry],
    useFactory: (metrics: MetricsRegistry) => ({
      service: 'risk-manager',
      installation: config.installation.id,
      redis: config.redis,
      memcached: config.memcached,
      liveMarketData: {
        sources: config.feeds,
        httpUrl: config.marketDataUrl,
        internalApiKey: config.serviceKey,
        directory: config.liveDirectory,
      },
      metrics,
    }),
    parts: { liveMarketData: 'reader' },
  });
}
