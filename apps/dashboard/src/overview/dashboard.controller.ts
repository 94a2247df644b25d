import { Controller } from '@nestjs/common';
import {
  type DashboardMobile,
  type DashboardSummary,
  type DashboardUnified,
  type Order,
  toIso,
} from '@tickbridge/contracts';
import { Serve } from '@tickbridge/service-bootstrap';
import { MarketViewsReader } from '../market/market.views.reader';
import { SystemMonitor } from '../system/system.monitor';
import { TradingReader } from './trading.reader';

const LIST_LENGTH = 100;
/** What is only counted is counted in as many as the orchestrator gives at a time. */
const LONGEST_LIST = 1_000;
const MOBILE_LIST_LENGTH = 20;
const MOVERS = 6;
const MOBILE_MOVERS = 5;

const ENDED: ReadonlySet<Order['status']> = new Set(['Denied', 'Rejected', 'Canceled', 'Expired', 'Filled']);

/** Whole screens in one call. What cannot be had is `null` and named; the rest is there. */
@Controller()
export class DashboardController {
  constructor(
    private readonly views: MarketViewsReader,
    private readonly trading: TradingReader,
    private readonly system: SystemMonitor,
  ) {}

  @Serve('GET /api/v1/dashboard/summary')
  async summary(): Promise<DashboardSummary> {
    const [{ positions, signals, orders, trading, portfolios }, overview, regime] = await Promise.all([
      this.parts(LONGEST_LIST),
      this.views.overview(),
      this.views.regime(),
    ]);
    return {
      asOf: toIso(Date.now()),
      unavailable: missing({ positions, signals, orders, trading, portfolios }),
      overview,
      regime,
      trading,
      portfolios,
      openPositions: positions?.filter(({ quantity }) => quantity !== 0).length ?? null,
      recentSignals: signals?.length ?? null,
      workingOrders: orders?.filter(({ status }) => !ENDED.has(status)).length ?? null,
    };
  }

  @Serve('GET /api/v1/dashboard/mobile')
  async mobile(): Promise<DashboardMobile> {
    const [parts, overview, movers] = await Promise.all([
      this.parts(MOBILE_LIST_LENGTH),
      this.views.overview(),
      this.views.movers(MOBILE_MOVERS),
    ]);
    return {
      asOf: toIso(Date.now()),
      unavailable: missing(parts),
      overview,
      movers,
      ...parts,
    };
  }

  @Serve('GET /api/v1/dashboard/unified')
  async unified(): Promise<DashboardUnified> {
    const { views } = this;
    const [parts, system, overview, breadth, regime, movers, { tickers }] = await Promise.all([
      this.parts(LIST_LENGTH),
      this.system.status(),
      views.overview(),
      views.breadth(),
      views.regime(),
      views.movers(MOVERS),
      views.tickers(),
    ]);
    return {
      asOf: toIso(Date.now()),
      unavailable: missing(parts),
      overview,
      breadth,
      regime,
      movers,
      tickers,
      ...parts,
      system,
    };
  }

  private async parts(length: number) {
    const [trading, portfolios, positions, signals, orders] = await Promise.all([
      this.trading.state(),
      this.trading.portfolios(),
      this.trading.positions(),
      this.trading.signals(length),
      this.trading.orders(length),
    ]);
    return { trading, portfolios, positions, signals, orders };
  }
}

function missing(parts: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(parts).filter((name) => parts[name] === null);
}
