// The runs that are compared: hand-picked ones, and random settings by seed.
import { createRandom } from './random.mjs';

const ALL = ['momentum-breakout', 'mean-reversion', 'opening-range'];

/** Recordings by the name that runs call them by. Files are below the folder of recorded data. */
export const RECORDINGS = {
  'binance-day': {
    timeframes: ['5s', '5s', '5s', '1m'],
    kind: 'binance-frames',
    source: 'replay',
    files: ['binance_spot_ws/btcusdt_20240808.gz', 'binance_spot_ws/ethusdt_20240808.gz'],
    capital: 100_000,
  },
  'us-daily': {
    timeframes: ['1d'],
    kind: 'lean-daily',
    source: 'alpaca',
    likeSymbol: 'SPY',
    symbols: ['AIG', 'BAC', 'IBM', 'SPY'],
    calendar: 'US_EQUITY',
    firstDay: '2025-05-14',
    days: 400,
    capital: 100_000,
  },
  'us-minutes': {
    timeframes: ['1m', '5m', '15m', '1d'],
    kind: 'lean-minutes',
    source: 'alpaca',
    likeSymbol: 'SPY',
    symbols: ['AIG', 'BAC', 'IBM', 'SPY'],
    folder: 'lean/minute',
    dates: ['20131004', '20131007', '20131008', '20131009', '20131010', '20131011'],
    calendar: 'US_EQUITY',
    firstDay: '2025-05-14',
    capital: 100_000,
  },
  'india-minutes': {
    timeframes: ['1m', '5m', '15m', '1h'],
    kind: 'lean-minutes',
    source: 'truedata',
    likeSymbol: 'INFY',
    symbols: ['YESBANK'],
    folder: 'lean/india',
    dates: ['20190709', '20190710', '20190711'],
    calendar: 'NSE_EQUITY',
    firstDay: '2025-05-14',
    capital: 1_000_000,
  },
};

/** Limits that random settings seldom reach, each alone: the rule that it belongs to must bind. */
const BINDING = {
  'daily-loss': { maxDailyLoss: 20 },
  'submit-rate': { maxOrderBurst: 1, maxOrdersPerMinute: 2 },
  'position-quantity': { maxPositionQuantity: 0.05 },
  collar: { priceCollarPercent: 0.00001 },
};

/**
 * Runs to compare: each recording with the defaults of the platform, with limits that bind, and with so many random settings.
 *
 * @param {number} seed the same seed gives the same settings
 * @param {number} random settings per recording
 */
export function runsToCompare(seed, random) {
  return Object.entries(RECORDINGS).flatMap(([recording, facts], place) => {
    const draw = createRandom(seed * 1_000 + place);
    const defaults = { strategies: ALL.map((id) => ({ id, parameters: {} })), capital: facts.capital };
    // Limits bind where much is traded.
    const eager = {
      ...defaults,
      strategies: defaults.strategies.map((one) => ({ ...one, leastEdge: 0, ...shortest(facts) })),
    };
    const picked = Object.entries(BINDING).map(([name, limits]) => [name, { ...eager, limits }]);
    const drawn = Array.from({ length: random }, (_, index) => [
      `${seed}-${index + 1}`,
      randomSettings(draw, facts),
    ]);
    return [['defaults', defaults], ...picked, ...drawn].map(([name, settings]) => ({
      name: `${recording}-${name}`,
      recording,
      settings,
    }));
  });
}

/** The shortest bars that a recording has; those of a day have no shorter timeframe. */
function shortest({ timeframes }) {
  return { timeframe: timeframes[0] };
}

function randomSettings(draw, { source, capital, timeframes }) {
  const strategies = ALL.filter(() => draw.chance(0.75));
  if (strategies.length === 0) strategies.push('momentum-breakout');
  return {
    strategies: strategies.map((id) => ({
      id,
      parameters: PARAMETERS[id](draw),
      ...(draw.chance(0.8) && { timeframe: draw.pick(timeframes) }),
      ...(draw.chance(0.8) && { leastEdge: draw.pick([0, 0, 0.5, 1.5]) }),
      ...(draw.chance(0.8) && { exits: randomExits(draw) }),
      ...(draw.chance(0.3) && { product: draw.pick(PRODUCTS[source]) }),
    })),
    capital: draw.pick([capital, capital / 10, capital * 3]),
    limits: draw.chance(0.6) ? randomLimits(draw, capital) : {},
    ...(draw.chance(0.7) && {
      fills: {
        halfSpreadBps: draw.pick([0, 1.5, 5]),
        slippageBps: draw.pick([0, 0.5, 3]),
        maxVolumePercent: draw.pick([0.01, 0.5, 10]),
      },
    }),
    ...(draw.chance(0.6) && { chargePlan: draw.pick(PLANS[source]) }),
  };
}

const PRODUCTS = {
  replay: ['spot', 'margin'],
  alpaca: ['delivery', 'margin'],
  truedata: ['delivery', 'intraday'],
};
const PLANS = {
  replay: ['binance/vip0', 'binance/vip0-bnb', 'binance/vip1', 'binance/vip2'],
  alpaca: ['alpaca/standard'],
  truedata: ['sharekhan/standard', 'zerodha/standard'],
};

const PARAMETERS = {
  'momentum-breakout': (draw) => ({
    lookbackBars: draw.integer(2, 20),
    breakoutAtr: draw.pick([0, 0.1, 0.4, 0.75]),
    volumeFactor: draw.pick([0, 0.8, 1.5]),
    stopAtr: draw.pick([0.5, 1.25, 2]),
    targetAtr: draw.pick([0.8, 2, 3]),
    cooldownBars: draw.integer(0, 12),
  }),
  'mean-reversion': (draw) => ({
    lookbackBars: draw.integer(3, 20),
    stretchDeviations: draw.pick([1, 1.6, 2.2, 3]),
    rsiBars: draw.integer(2, 10),
    oversoldRsi: draw.pick([15, 25, 40]),
    stopRatio: draw.pick([0.7, 1.5, 3]),
    cooldownBars: draw.integer(0, 12),
  }),
  'opening-range': (draw) => ({
    rangeMinutes: draw.pick([1, 2, 5, 15]),
    entryWindowMinutes: draw.pick([10, 60, 240]),
    bufferBps: draw.pick([0, 1, 5]),
    targetRatio: draw.pick([0.5, 1.5, 3]),
  }),
};

function randomExits(draw) {
  const rule = (kinds) => {
    const kind = draw.pick(kinds);
    if (kind === 'percent') return { kind, percent: draw.pick([0.05, 0.2, 1, 3]) };
    return kind === 'atr' ? { kind, multiple: draw.pick([0.5, 1.5, 3]) } : { kind };
  };
  return {
    stopLoss: rule(['signal', 'percent', 'atr']),
    target: rule(['signal', 'percent', 'atr', 'none']),
    trailingStop: rule(['none', 'percent', 'atr']),
    squareOffAt: draw.pick([null, null, '15:00']),
    cooldownMinutes: draw.pick([0, 0, 1, 10]),
    maxReentriesPerDay: draw.pick([null, null, 1, 5]),
  };
}

function randomLimits(draw, capital) {
  const all = {
    maxOrderNotional: capital * draw.pick([0.01, 0.05, 0.2]),
    maxSymbolNotional: capital * draw.pick([0.02, 0.1, 0.5]),
    maxStrategyNotional: capital * draw.pick([0.03, 0.5]),
    maxGrossExposure: capital * draw.pick([0.05, 0.8]),
    maxNetExposure: capital * draw.pick([0.03, 0.5]),
    maxOrdersPerDay: draw.pick([3, 20, 500]),
    maxOrdersPerSymbol: draw.pick([2, 10, 100]),
    maxOrdersPerMinute: draw.pick([1, 5, 100]),
    maxOpenOrders: draw.pick([1, 5]),
    maxDailyLoss: capital * draw.pick([0.0005, 0.005, 0.05]),
    maxDrawdownPercent: draw.pick([0.1, 1, 10]),
    maxLosingStreak: draw.pick([1, 2, 10]),
    losingStreakPauseMs: draw.pick([60_000, 3_600_000]),
    exitPauseMs: draw.pick([0, 60_000, 600_000]),
    maxPriceAgeMs: draw.pick([0, 5_000, 60_000]),
    priceBandPercent: draw.pick([1, 20]),
  };
  return Object.fromEntries(Object.entries(all).filter(() => draw.chance(0.3)));
}
