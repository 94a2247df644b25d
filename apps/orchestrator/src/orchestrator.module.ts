import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { DatabaseModule } from '@tickbridge/database';
import { MetricsRegistry, refuseStart, ServiceAddress } from '@tickbridge/service-bootstrap';
import { CacheService, LiveMarketData, SharedCacheModule } from '@tickbridge/shared-cache';
import { AccountAdmin } from './desk/account-admin';
import { AccountLeases } from './accounts/account-leases';
import { AccountRepository } from './accounts/account.repository';
import { AccountTraders } from './traders/account-traders';
import { AccountsController } from './desk/accounts.controller';
import type { OrchestratorConfig } from './app.config';
import { BrokerStatements } from './desk/broker-statements';
import { PaperBooks } from './brokers/paper/paper.books';
import { PaperBroker } from './brokers/paper/paper.broker';
import { brokerProviders } from './brokers/sharekhan/sharekhan.providers';
import { RecordedClock, TradingClock, WallClock } from './market/trading-clock';
import { TradingFeedsModule } from './market/trading-feeds.module';
import { DatabaseProblemInterceptor } from './database-problem.interceptor';
import { BarCheckpoints } from './trading-loop/bar-checkpoints';
import { BarIntake } from './trading-loop/bar-intake';
import { BarProcessor } from './trading-loop/bar-processor';
import { Recovery } from './trading-loop/recovery';
import { StartUp } from './trading-loop/start-up';
import { TradingLoop } from './trading-loop/trading-loop';
import { TradingSteps } from './trading-loop/trading-steps';
import { LiveMarketView } from './market/live.market-view';
import { MarketViewsWriter } from './market/market-views.writer';
import { MarketView } from './market/market-view';
import { RecordedMarketView } from './market/recorded.market-view';
import { OrchestratorHealth } from './orchestrator.health';
import { ForwardingKey, ForwardToHolder } from './desk/forward-to-holder.interceptor';
import { HeldOrders } from './orders/held-orders';
import { OrderCommands } from './desk/order-commands';
import { OrderDrafter } from './orders/order-drafter';
import { OrderExecutor } from './orders/order-executor';
import { OrderLedger } from './orders/order-ledger';
import { OrderSizer } from './orders/order-sizer';
import { OrderRepository } from './orders/order.repository';
import { OrdersController } from './desk/orders.controller';
import { Outbox } from './orders/outbox';
import { Reconciler } from './orders/reconciler';
import { PortfolioController } from './portfolio/portfolio.controller';
import { PortfolioService } from './portfolio/portfolio.service';
import { AccountFinder } from './portfolio/account-finder';
import { AccountValuer } from './portfolio/account-valuer';
import { BooksAuditor } from './portfolio/books.auditor';
import { DayRoll } from './portfolio/day-roll';
import { EntryGate } from './orders/entry-gate';
import { EquityController } from './portfolio/equity.controller';
import { EquityProgress } from './portfolio/equity.progress';
import { EquityRepository } from './portfolio/equity.repository';
import { EquitySampler } from './portfolio/equity.sampler';
import { ExitTrails } from './portfolio/exit-trails';
import { PositionBook } from './positions/position-book';
import { PositionLives } from './positions/position-lives';
import { CrashPoints } from './crash-points/crash-points';
import { StrategyPortfolios } from './portfolio/strategy-portfolios';
import { TradingDays } from './portfolio/trading-days';
import { RiskGateway } from './risk/risk-gateway';
import { RiskManagerAddress } from './risk/risk-manager.address';
import { RiskQuestion } from './risk/risk-question';
import { RecentSignals } from './signals/recent-signals';
import { SignalOutcomes } from './signals/signal-outcomes';
import { SignalDesk } from './trading-loop/signal-desk';
import { SignalRepository } from './signals/signal.repository';
import { SignalsController } from './signals/signals.controller';
import { StrategiesController } from './strategies/strategies.controller';
import { StrategyDesk } from './strategies/strategy-desk';
import { StrategySettingsRepository } from './strategies/strategy-settings.repository';
import { AccountTokens, TOKEN_ENDS } from './tokens/account-tokens';
import { BrokerLoginController } from './desk/broker-login.controller';
import { BrokerLogins } from './desk/broker-logins';
import { LoginStates } from './desk/login-states';
import { PostgresTokenRepository } from './tokens/postgres-token.repository';
import { FeedStatusClient, MarketDataAddress } from './trace/feed-status.client';
import { PipelineCounters } from './pipeline-counters/pipeline-counters';
import { PipelineTraceService } from './trace/pipeline-trace.service';
import { PipelineController } from './trace/pipeline.controller';
import { PipelineMetrics } from './pipeline-counters/pipeline.metrics';
import { FeedSilenceMeter } from './desk/feed-silence.meter';
import { Flattener } from './desk/flattener';
import { LadderMeter } from './desk/ladder.meter';
import { LadderThresholdStore } from './desk/ladder-thresholds';
import { LadderWatch } from './desk/ladder.watch';
import { PositionClosing } from './trading-state/position-closing';
import { TradingStateService } from './trading-state/trading-state.service';
import { TradingController } from './desk/trading.controller';

@Module({})
export class OrchestratorModule {
  static forConfig(config: OrchestratorConfig): DynamicModule {
    return {
      module: OrchestratorModule,
      imports: [
        TradingFeedsModule.forFeeds(config.feeds),
        DatabaseModule.forRootAsync({
          inject: [ServiceAddress],
          useFactory: (address: ServiceAddress) => ({
            url: config.databaseUrl,
            applicationName: 'orchestrator',
            installation: config.installation.id,
            announce: { service: 'orchestrator', address: address.whenListening() },
            onForeign: refuseStart,
          }),
        }),
        sharedCache(config),
      ],
      controllers: [
        SignalsController,
        OrdersController,
        PortfolioController,
        EquityController,
        StrategiesController,
        TradingController,
        AccountsController,
        BrokerLoginController,
        PipelineController,
      ],
      providers: [
        ...world(config),
        ...trading,
        ...trace,
        OrchestratorHealth,
        { provide: APP_INTERCEPTOR, useClass: DatabaseProblemInterceptor },
      ],
    };
  }
}

/** Time, market and the other services, as the feed and the configuration have them. */
function world({
  feeds,
  serviceKey: internalApiKey,
  marketDataUrl,
  plannedCrash,
  riskManagerUrl,
  shareKhan,
  tokenEncryptionKeys,
}: OrchestratorConfig): Provider[] {
  return [
    { provide: TradingClock, useClass: feeds.includes('replay') ? RecordedClock : WallClock },
    {
      provide: MarketView,
      inject: [LiveMarketData, TradingClock],
      useFactory: (live: LiveMarketData, clock: TradingClock) =>
        feeds.includes('replay') ? new RecordedMarketView('replay', clock) : new LiveMarketView(live),
    },
    {
      provide: MarketViewsWriter,
      inject: [LiveMarketData, CacheService],
      useFactory: (live: LiveMarketData, cache: CacheService) => new MarketViewsWriter(feeds, live, cache),
    },
    { provide: MarketDataAddress, useValue: { url: marketDataUrl, internalApiKey } },
    { provide: ForwardingKey, useValue: { serviceKey: internalApiKey } },
    { provide: RiskManagerAddress, useValue: { url: riskManagerUrl, internalApiKey } },
    PaperBooks,
    PaperBroker,
    ...brokerProviders(shareKhan),
    { provide: LoginStates, useFactory: () => new LoginStates(tokenEncryptionKeys) },
    { provide: CrashPoints, useFactory: () => new CrashPoints(plannedCrash) },
  ];
}

/** What is held and earned, and what depends on it. */
const portfolio: Provider[] = [
  AccountFinder,
  AccountValuer,
  BooksAuditor,
  DayRoll,
  EntryGate,
  EquityProgress,
  EquityRepository,
  EquitySampler,
  ExitTrails,
  PortfolioService,
  PositionBook,
  PositionLives,
  StrategyPortfolios,
  TradingDays,
];

const trading: Provider[] = [
  AccountAdmin,
  BrokerStatements,
  AccountLeases,
  AccountRepository,
  AccountTokens,
  AccountTraders,
  BarCheckpoints,
  BarIntake,
  BarProcessor,
  BrokerLogins,
  ...portfolio,
  FeedSilenceMeter,
  Flattener,
  ForwardToHolder,
  HeldOrders,
  LadderMeter,
  LadderThresholdStore,
  LadderWatch,
  OrderCommands,
  OrderDrafter,
  OrderExecutor,
  OrderLedger,
  OrderRepository,
  OrderSizer,
  Outbox,
  RecentSignals,
  Reconciler,
  Recovery,
  RiskGateway,
  RiskQuestion,
  SignalDesk,
  SignalOutcomes,
  SignalRepository,
  StartUp,
  StrategyDesk,
  StrategySettingsRepository,
  TradingLoop,
  { provide: PositionClosing, useExisting: TradingLoop },
  TradingStateService,
  TradingSteps,
];

const trace: Provider[] = [FeedStatusClient, PipelineCounters, PipelineMetrics, PipelineTraceService];

function sharedCache(config: OrchestratorConfig): DynamicModule {
  return SharedCacheModule.forRootAsync({
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
