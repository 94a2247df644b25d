import type { LiveSource, Tick } from '@tickbridge/contracts';
import type { MarketDataPipeline } from './market-data.pipeline';
import type { StandbyMarket } from './standby-market';

/** The market as this instance can tell it now: its own while it holds the feed, the holder's while it waits. */
export class CurrentMarket {
  constructor(
    private readonly pipeline: MarketDataPipeline,
    private readonly standby: StandbyMarket,
  ) {}

  /** Whether it is another instance's market. */
  get isFollowed(): boolean {
    return this.standby.market !== undefined;
  }

  /** Where the ticks come from; `none` while there are none. */
  get source(): LiveSource {
    if (this.newestReceivedAt === null) return 'none';
    return this.standby.market?.getAll().source ?? 'in-process';
  }

  /** When the newest tick was received from the vendor (ms since 1970); `null` before the first. */
  get newestReceivedAt(): number | null {
    const { market } = this.standby;
    return market === undefined ? (this.pipeline.newestTick?.receivedAt ?? null) : market.getAll().asOf;
  }

  /** Symbols that have a price. */
  get size(): number {
    return this.standby.market?.getAll().ticks.size ?? this.pipeline.symbolsWithPrice;
  }

  ticks(): Iterable<Tick> {
    return this.standby.market?.allInLocalTime().values() ?? this.pipeline.ticks();
  }

  tick(symbol: string): Tick | undefined {
    const { market } = this.standby;
    if (market === undefined) return this.pipeline.tick(symbol);
    const tick = market.get(symbol)?.tick;
    return tick && market.inLocalTime(tick);
  }
}
