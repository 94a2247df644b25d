import { Injectable } from '@nestjs/common';
import type { Breadth, MarketPart, Movers, Overview, Regime, Ticker, Tickers } from '@tickbridge/contracts';
import { type CacheNamespace, CacheService, marketViews, marketViewsKey } from '@tickbridge/shared-cache';
import {
  breadthView,
  type MarketState,
  moversView,
  overviewView,
  partOf,
  regimeView,
  tickersView,
} from '@tickbridge/trading-core';
import { DashboardConfig } from '../config/app.config';
import { LiveMarket } from './live-market';

/** The trading side writes once a second; views older than this are computed here (milliseconds). */
const RECENT_MS = 3_000;
/** As many movers as the trading side keeps. */
const MOST_MOVERS = 50;

interface View {
  readonly ageMs: number | null;
}

/**
 * Views of the whole market as the trading side computed them, with their ages as of now. While it is away they are
 * computed here, from this process's own replica.
 */
@Injectable()
export class MarketViewsReader {
  constructor(
    private readonly config: DashboardConfig,
    private readonly cache: CacheService,
    private readonly market: LiveMarket,
  ) {}

  overview(part?: MarketPart): Promise<Overview> {
    return this.read(part, marketViews.overview, overviewView);
  }

  async tickers(part?: MarketPart): Promise<Tickers> {
    return this.read(part, marketViews.tickers, tickersView, (view, byMs) => ({
      ...view,
      tickers: view.tickers.map((ticker) => agedTicker(ticker, byMs)),
    }));
  }

  /** @param limit most gainers, and most losers */
  async movers(limit: number, part?: MarketPart): Promise<Movers> {
    const view = await this.read(
      part,
      marketViews.movers,
      (state) => moversView(state, MOST_MOVERS),
      (movers, byMs) => ({
        ...movers,
        gainers: movers.gainers.map((ticker) => agedTicker(ticker, byMs)),
        losers: movers.losers.map((ticker) => agedTicker(ticker, byMs)),
      }),
    );
    return { ...view, gainers: view.gainers.slice(0, limit), losers: view.losers.slice(0, limit) };
  }

  breadth(part?: MarketPart): Promise<Breadth> {
    return this.read(part, marketViews.breadth, breadthView);
  }

  regime(part?: MarketPart): Promise<Regime> {
    return this.read(part, marketViews.regime, regimeView);
  }

  /** A part of the market is computed here: the trading side writes the whole. */
  private async read<V extends View>(
    part: MarketPart | undefined,
    namespace: CacheNamespace<V>,
    compute: (state: MarketState) => V,
    age: (view: V, byMs: number) => V = (view) => view,
  ): Promise<V> {
    if (part?.assetClass !== undefined || part?.feed !== undefined) {
      return compute(partOf(this.market.state(), part));
    }
    const hit = await this.cache.find(namespace, marketViewsKey(this.config.feeds));
    if (!hit || hit.ageMs > RECENT_MS) return compute(this.market.state());
    const { value, ageMs } = hit;
    return age({ ...value, ageMs: value.ageMs === null ? null : value.ageMs + ageMs }, ageMs);
  }
}

function agedTicker(ticker: Ticker, byMs: number): Ticker {
  return { ...ticker, ageMs: ticker.ageMs + byMs };
}
