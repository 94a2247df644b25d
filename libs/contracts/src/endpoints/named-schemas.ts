import type { z } from 'zod';
import { barSchema, barsAnswerSchema, candleSchema } from '../market/bar';
import { feedLeaseStatusSchema, feedsStatusSchema, feedStatusSchema } from '../market/feed-status';
import { macroFigureSchema, macroInsightSchema } from '../market/insight';
import { streamHistorySchema } from '../screens/live-stream';
import { marketDataAnswerSchema } from '../market/market-data-answer';
import * as calendars from '../market/calendar-answers';
import { marketStatusSchema, symbolAnswerSchema } from '../market/market-status';
import { tickJsonSchema } from '../market/tick';
import * as views from '../market/views';
import { auditEntrySchema, auditPageSchema, auditVerificationSchema } from '../platform/audit';
import { cacheStatsSchema, memcachedStatusSchema, redisStatusSchema } from '../platform/cache-stats';
import * as screens from '../screens/dashboard';
import { dependencyHealthSchema, livenessSchema, readinessSchema } from '../platform/health';
import * as identity from '../platform/identity';
import { problemSchema } from '../platform/problem';
import { serviceStatusSchema, systemStatusSchema } from '../screens/system-status';
import * as account from '../trading/account';
import * as backtest from '../trading/backtest';
import * as charges from '../trading/charges';
import { brokerLoginSchema, loginReturnSchema, pastedLoginSchema } from '../trading/broker-login';
import { brokerStatementSchema } from '../trading/broker-statement';
import * as equity from '../trading/equity';
import * as roundTrip from '../trading/round-trip';
import { exitSettingsChangeSchema, exitSettingsSchema } from '../trading/exits';
import * as order from '../trading/order';
import { pipelineStageSchema, pipelineTraceSchema } from '../trading/pipeline-trace';
import { portfolioSchema, positionSchema } from '../trading/portfolio';
import { positionSizingAnswerSchema, positionSizingRequestSchema } from '../trading/position-sizing';
import * as risk from '../trading/risk';
import * as transfer from '../trading/transfer';
import { signalSchema, signalStatsSchema } from '../trading/signal';
import { strategyChangeSchema, strategyStatusSchema } from '../trading/strategy';
import * as state from '../trading/trading-state';

/** Schemas that the API pages show under a name of their own, wherever they occur. */
export const namedSchemas: Readonly<Record<string, z.ZodType>> = {
  Problem: problemSchema,

  Order: order.orderSchema,
  OrderWithEvents: order.orderWithEventsSchema,
  OrderEvent: order.orderEventSchema,
  ManualOrder: order.manualOrderSchema,
  OrderModification: order.orderModificationSchema,
  PositionExits: order.positionExitsSchema,
  ChargeEstimate: charges.chargeEstimateSchema,
  ChargeAmounts: charges.chargeAmountsSchema,
  ComparedCharges: charges.comparedChargesSchema,
  ChargeDifference: charges.chargeDifferenceSchema,
  BookedTransfer: transfer.bookedTransferSchema,
  Transfer: transfer.transferSchema,
  ContractNote: charges.contractNoteSchema,
  ContractNoteAnswer: charges.contractNoteAnswerSchema,
  Account: account.accountSchema,
  NewAccount: account.newAccountSchema,
  AccountChange: account.accountChangeSchema,
  TokenStatus: account.tokenStatusSchema,
  TokenSubmission: account.tokenSubmissionSchema,
  BrokerLogin: brokerLoginSchema,
  LoginReturn: loginReturnSchema,
  PastedLogin: pastedLoginSchema,
  BrokerStatement: brokerStatementSchema,
  Position: positionSchema,
  Portfolio: portfolioSchema,
  EquityCurve: equity.equityCurveSchema,
  StrategyPortfolio: equity.strategyPortfolioSchema,
  PortfolioDay: equity.portfolioDaySchema,
  RoundTrip: roundTrip.roundTripSchema,
  TradeStatistics: roundTrip.tradeStatisticsSchema,
  GroupStatistics: roundTrip.groupStatisticsSchema,
  BooksCheck: equity.booksCheckSchema,
  Signal: signalSchema,
  SignalStats: signalStatsSchema,
  StrategyStatus: strategyStatusSchema,
  StrategyChange: strategyChangeSchema,
  ExitSettings: exitSettingsSchema,
  ExitSettingsChange: exitSettingsChangeSchema,
  TradingState: state.tradingStateSchema,
  TradingCommand: state.tradingCommandSchema,
  LadderAnswer: state.ladderAnswerSchema,
  LadderChange: state.ladderChangeSchema,
  LadderThresholds: state.ladderThresholdsSchema,
  PipelineTrace: pipelineTraceSchema,
  PipelineStage: pipelineStageSchema,

  RiskCheckRequest: risk.riskCheckRequestSchema,
  RiskDecision: risk.riskDecisionSchema,
  RiskLimits: risk.riskLimitsSchema,
  RiskLimitsAnswer: risk.riskLimitsAnswerSchema,
  RiskLimitsChange: risk.riskLimitsChangeSchema,
  RiskLimitsHistory: risk.riskLimitsHistorySchema,
  RiskScope: risk.riskScopeSchema,
  EquityPeak: risk.equityPeakSchema,
  EquityPeakReset: risk.equityPeakResetSchema,
  PositionSizingRequest: positionSizingRequestSchema,
  PositionSizingAnswer: positionSizingAnswerSchema,
  BacktestRequest: backtest.backtestRequestSchema,
  BacktestRun: backtest.backtestRunSchema,
  Backtest: backtest.backtestSchema,
  BacktestResult: backtest.backtestResultSchema,

  Tick: tickJsonSchema,
  SymbolAnswer: symbolAnswerSchema,
  MarketDataAnswer: marketDataAnswerSchema,
  Candle: candleSchema,
  Bar: barSchema,
  BarsAnswer: barsAnswerSchema,
  FeedStatus: feedStatusSchema,
  FeedsStatus: feedsStatusSchema,
  FeedLease: feedLeaseStatusSchema,
  MarketStatus: marketStatusSchema,
  CalendarSummary: calendars.calendarSummarySchema,
  Calendar: calendars.calendarAnswerSchema,
  CalendarDate: calendars.calendarDateAnswerSchema,
  CalendarDayChange: calendars.calendarDayChangeSchema,
  CalendarDayRemoval: calendars.calendarDayRemovalSchema,
  MacroFigure: macroFigureSchema,
  MacroInsight: macroInsightSchema,
  Overview: views.overviewSchema,
  MarketGroup: views.marketGroupSchema,
  Breadth: views.breadthSchema,
  Regime: views.regimeSchema,
  Movers: views.moversSchema,
  Ticker: views.tickerSchema,
  Tickers: views.tickersSchema,

  DashboardSummary: screens.dashboardSummarySchema,
  DashboardMobile: screens.dashboardMobileSchema,
  DashboardUnified: screens.dashboardUnifiedSchema,
  StreamHistory: streamHistorySchema,
  SystemStatus: systemStatusSchema,
  ServiceStatus: serviceStatusSchema,
  CacheStats: cacheStatsSchema,
  RedisStatus: redisStatusSchema,
  MemcachedStatus: memcachedStatusSchema,
  Login: identity.loginSchema,
  CurrentUser: identity.currentUserSchema,
  Confirmation: identity.confirmationSchema,
  PasswordChange: identity.passwordChangeSchema,
  SecondFactorSetup: identity.secondFactorSetupSchema,
  SecondFactorCode: identity.codeSchema,
  RecoveryCodes: identity.recoveryCodesSchema,
  Session: identity.sessionSummarySchema,
  User: identity.userSchema,
  NewUser: identity.newUserSchema,
  CreatedUser: identity.createdUserSchema,
  UserChange: identity.userChangeSchema,
  ApiKey: identity.apiKeySchema,
  NewApiKey: identity.newApiKeySchema,
  CreatedApiKey: identity.createdApiKeySchema,
  AuditEntry: auditEntrySchema,
  AuditPage: auditPageSchema,
  AuditVerification: auditVerificationSchema,
  Liveness: livenessSchema,
  Readiness: readinessSchema,
  DependencyHealth: dependencyHealthSchema,
};
