import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { AlpacaServer } from '../alpaca/alpaca.server';
import { TrueDataServer } from '../truedata/truedata.server';
import { SimulatedMarket } from '../market/simulated-market';
import type { MarketEvent } from '../market/simulated-symbol';

/** The market moves this often (ms); its events carry their own, finer times. */
const STEP_MS = 10;

/** Runs the market on the wall clock and sends what happens. */
@Injectable()
export class MarketLoop implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private events = 0;

  constructor(
    private readonly market: SimulatedMarket,
    private readonly trueData: TrueDataServer,
    private readonly alpaca: AlpacaServer,
  ) {}

  /** Events since the start. */
  get eventCount(): number {
    return this.events;
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.step(), STEP_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private step(): void {
    const batch: { event: MarketEvent; frame: string }[] = [];
    this.market.runTo(Date.now(), (event) => batch.push({ event, frame: TrueDataServer.encode(event) }));
    this.events += batch.length;
    this.trueData.broadcast(batch);
    if (this.alpaca.connections > 0) this.alpaca.advance(Date.now());
  }
}
