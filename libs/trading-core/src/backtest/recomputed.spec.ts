import { createHash } from 'node:crypto';
import {
  type BacktestResult,
  type Bar,
  exitSettingsSchema,
  type Instrument,
  type RiskLimits,
} from '@tickbridge/contracts';
import { ChargeTable } from '../charges/charge-table';
import { knownInstrument } from '../instruments/known-instruments';
import { recordedDailyBars } from '../testing/recorded-daily-bars';
import { recordedLines } from '../testing/recorded-lines';
import recomputed from '../testing/recomputed-runs.json';
import { runBacktest } from './backtest';
import type { BacktestSettings } from './backtest.settings';
import { recordedBars } from './recorded-bars';

type Recomputed = (typeof recomputed)[number];

const SHARES = ['AIG', 'BAC', 'IBM', 'SPY'];
const like = knownInstrument('alpaca', 'SPY') as Instrument;
const shares = new Map(SHARES.map((symbol) => [symbol, { ...like, symbol }]));
const lines = recordedLines(['btcusdt_20240808.gz', 'ethusdt_20240808.gz']);

interface Recording extends Pick<BacktestSettings, 'source' | 'instruments'> {
  bars: Bar[] | undefined;
}

const recordings: Record<string, Recording> = {
  'binance-day': { source: 'replay', bars: lines && [...recordedBars(lines)] },
  'us-daily': { source: 'alpaca', instruments: shares, bars: recordedDailyBars(SHARES, 400) },
};

/** The account and the strategies of a request, as `tools/recompute/settings.mjs` draws them. */
type Request = Pick<BacktestSettings, 'strategies' | 'accountId' | 'capital' | 'fills'> & {
  limits?: Partial<RiskLimits>;
  chargePlan: string;
};

function settingsOf({ recording, request }: Recomputed): BacktestSettings {
  const { source, instruments } = recordings[recording] as Recording;
  const { limits = {}, chargePlan: plan, strategies, ...rest } = request as Request;
  return {
    ...rest,
    strategies: strategies.map(({ exits, ...strategy }) => ({
      ...strategy,
      ...(exits && { exits: exitSettingsSchema.parse(exits) }),
    })),
    source,
    limits: [{ scope: { kind: 'global' }, limits }],
    charges: { table: new ChargeTable(), plan },
    ...(instruments && { instruments }),
  };
}

/** What both programs tell as exact text. */
function figuresOf({ statistics, orders, roundTrips = [], equity }: BacktestResult): Recomputed['figures'] {
  const exact = [
    orders.map((order) => [
      ...[order.id, order.symbol, order.side, order.status, order.createdAt],
      ...[order.fee, order.realized, order.rejection?.code ?? null],
    ]),
    roundTrips.map((trip) => [
      ...[trip.symbol, trip.direction, trip.openedAt, trip.closedAt],
      ...[trip.grossProfit, trip.charges, trip.netProfit],
    ]),
    equity.map((point) => [point.at, point.equity]),
  ];
  return {
    signals: statistics.signals,
    orders: statistics.orders,
    filled: statistics.filled,
    roundTrips: roundTrips.length,
    realizedProfit: statistics.realizedProfit,
    fees: statistics.fees,
    equity: statistics.equity as string,
    maxDrawdownPercent: statistics.maxDrawdownPercent.toFixed(9),
    digest: createHash('sha256').update(JSON.stringify(exact)).digest('hex').slice(0, 16),
  };
}

if (Object.values(recordings).every(({ bars }) => bars)) {
  describe('a backtest gives what an independent program made of the same recordings', () => {
    it.each(recomputed.map((run) => [run.name, run] as const))('%s', (_name, run) => {
      const { bars = [] } = recordings[run.recording] ?? {};
      expect(figuresOf(runBacktest(settingsOf(run), bars))).toEqual(run.figures);
    });
  });
} else {
  describe('recorded market data', () => {
    it('is not in ../shared/data beside the workspace: backtests were not compared with recomputed ones', () => {
      console.warn('Recorded market data is missing in ../shared/data: not compared.');
    });
  });
}
