import type { Bar, Candle } from '../market/bar';
import type { FeedStatus } from '../market/feed-status';
import type { TickJson } from '../market/tick';
import type { Order } from '../trading/order';
import type { Portfolio, Position } from '../trading/portfolio';
import type { RoundTrip, TradeStatistics } from '../trading/round-trip';
import type { Signal } from '../trading/signal';
import type { TradingState } from '../trading/trading-state';

/** What the examples of several endpoints show. */

export const ORDER_ID = '7f0c2a4e-5a54-8a3b-9b1d-2f1f0c7d9e11';
export const ACCOUNT = 'PAPER_TRADER_001';
const SIGNAL_ID = '3f8b2c51-7d1e-8a40-9c55-0d7f5b1d2e11';
const AT = '2026-11-20T05:30:00.000Z';

export const tick: TickJson = {
  symbol: 'RELIANCE',
  assetClass: 'stock',
  lastPrice: 2500.05,
  lastQuantity: 25,
  volume: 1_204_350,
  open: 2488,
  high: 2506.4,
  low: 2481.1,
  previousClose: 2490,
  change: 10.05,
  changePercent: 0.4036,
  bid: 2500,
  bidQuantity: 120,
  ask: 2500.1,
  askQuantity: 80,
  openInterest: null,
  eventTime: '2026-11-20T05:29:59.000Z',
  tradedAt: '2026-11-20T05:29:59.000Z',
  receivedAt: '2026-11-20T05:29:59.120Z',
  lagMs: 80,
  sequence: 48_211,
  source: 'simulator',
};

export const candle: Candle = {
  time: '2026-11-20T05:29:00.000Z',
  open: 2498.2,
  high: 2500.5,
  low: 2497.9,
  close: 2500.05,
  volume: 8_420,
  trades: 311,
};

export const bar: Bar = {
  symbol: 'RELIANCE',
  intervalMs: 5_000,
  openTime: 1_795_152_595_000,
  open: 2499.8,
  high: 2500.1,
  low: 2499.75,
  close: 2500.05,
  volume: 640,
  trades: 22,
  bid: 2500,
  bidQuantity: 120,
  ask: 2500.1,
  askQuantity: 80,
  sequence: 9_120,
};

export const feedStatus: FeedStatus = {
  feed: 'simulator',
  simulated: true,
  connected: true,
  dataFlowing: true,
  symbolsActive: 175,
  symbolsRequested: 175,
  symbolsRefused: [],
  symbolsStale: 0,
  lastTickAt: '2026-11-20T05:29:59.120Z',
  marketStatus: {
    state: 'open',
    decidedBy: 'calendar',
    calendar: 'SIMULATED',
    phase: 'normal',
    takesOrders: true,
    closesAt: '2026-11-20T06:00:00.000Z',
    opensAt: '2026-11-20T06:00:00.000Z',
    contradiction: null,
    vendorSays: null,
    vendorSaidAt: null,
  },
  clockOffsetMs: 41,
  leaseHolder: 'trading-1:4711',
  lease: {
    state: 'held',
    instance: 'trading-1:4711',
    holder: 'trading-1:4711',
    fence: 3,
    answering: ['redis', 'postgresql'],
  },
  attempts: 0,
  lastError: null,
  state: 'connected',
  tradesBySymbol: { RELIANCE: 4_211 },
  ticksAccepted: 182_340,
  rejected: {},
  ignored: {},
  reconnects: 0,
  missedTrades: 0,
};

export const signal: Signal = {
  id: SIGNAL_ID,
  source: 'simulator',
  symbol: 'RELIANCE',
  action: 'BUY',
  strength: 0.7,
  confidence: 0.6,
  price: 2500.05,
  stopLoss: 2487.5,
  target: 2525,
  strategy: 'momentum-breakout',
  reason: 'close above the high of 20 bars',
  components: { high: 2499.9, volumeRatio: 1.8 },
  barTime: AT,
  createdAt: '2026-11-20T05:30:00.020Z',
  expiresAt: '2026-11-20T05:31:00.020Z',
};

export const order: Order = {
  id: ORDER_ID,
  clientOrderId: 'tb-7f0c2a4e5a54',
  signalId: SIGNAL_ID,
  accountId: ACCOUNT,
  symbol: 'RELIANCE',
  product: 'intraday',
  side: 'BUY',
  type: 'MARKET',
  quantity: 10,
  limitPrice: null,
  triggerPrice: null,
  timeInForce: 'DAY',
  stopLoss: 2450,
  takeProfit: 2600,
  reduceOnly: false,
  protective: false,
  groupId: ORDER_ID,
  brokerOrderId: 'P-1042',
  heldReason: null,
  status: 'Filled',
  filledQuantity: 10,
  averagePrice: 2500.1,
  rejection: null,
  strategy: 'momentum-breakout',
  createdAt: '2026-11-20T05:30:00.041Z',
  updatedAt: '2026-11-20T05:30:00.093Z',
};

export const position: Position = {
  accountId: ACCOUNT,
  symbol: 'RELIANCE',
  strategy: 'momentum-breakout',
  product: 'intraday',
  quantity: 10,
  settledQuantity: null,
  settlesOn: null,
  averagePrice: 2500.1,
  markPrice: 2501,
  markAgeMs: 120,
  stopLoss: 2450,
  takeProfit: 2600,
  groupId: ORDER_ID,
  realizedProfit: '0',
  unrealizedProfit: '9.00',
  fees: '5.20',
  updatedAt: '2026-11-20T05:30:00.093Z',
};

export const portfolio: Portfolio = {
  accountId: ACCOUNT,
  currency: 'INR',
  capital: '1000000',
  cash: '974993.80',
  unsettledCash: '0',
  paidIn: '0',
  realizedProfit: '0',
  unrealizedProfit: '9.00',
  equity: '1000003.80',
  fees: '5.20',
  grossExposure: '25010.00',
  netExposure: '25010.00',
  openPositions: 1,
  peakEquity: '1000003.80',
  drawdownPercent: 0,
  dayOpeningEquity: '1000000',
  dayProfit: '3.80',
  asOf: '2026-11-20T05:30:01.000Z',
};

export const tradingState: TradingState = {
  mode: 'ACTIVE',
  running: true,
  changedBy: 'mira',
  reason: 'exchange is back',
  changedAt: '2026-11-20T03:40:00.000Z',
};

/** Who does it and why. */
export const command = { by: 'mira', reason: 'exchange trouble' };

export const roundTrip: RoundTrip = {
  accountId: ACCOUNT,
  strategy: 'momentum-breakout',
  symbol: 'INFY',
  direction: 'long',
  quantity: 10,
  entryPrice: 1_500,
  exitPrice: 1_512,
  openedAt: '2026-11-20T05:30:00.000Z',
  closedAt: '2026-11-20T05:42:00.000Z',
  holdingMs: 720_000,
  grossProfit: '120',
  charges: '12.40',
  netProfit: '107.60',
  returnPercent: 0.717333,
  bestExcursionPercent: 0.9,
  worstExcursionPercent: -0.2,
  fills: 2,
};

export const tradeStatistics: TradeStatistics = {
  trades: 1,
  wins: 1,
  losses: 0,
  breakEven: 0,
  winRate: 1,
  netProfit: '107.60',
  charges: '12.40',
  profitFactor: null,
  expectancy: '107.60',
  averageWin: '107.60',
  averageLoss: null,
  largestWin: '107.60',
  largestLoss: null,
  averageHoldingMs: 720_000,
  averageBestExcursionPercent: 0.9,
  averageWorstExcursionPercent: -0.2,
};
