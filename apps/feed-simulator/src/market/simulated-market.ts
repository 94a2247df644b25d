import { INDIAN_LISTING } from './instruments';
import type { Listing } from './listing';
import { MarketFactor } from './market-factor';
import { Random } from './random';
import { SimulatedIndex } from './simulated-index';
import { SimulatedShare } from './simulated-share';
import type { MarketEvent, SimulatedSymbol } from './simulated-symbol';
import { SESSION_MS, sessionStart } from './trading-session';

/** Step of the hours before the start (ms). */
const CATCH_UP_STEP_MS = 15_000;

/** After a pause longer than this (a suspended machine) the market jumps instead of making up every trade (ms). */
const LONGEST_STRETCH_MS = 5_000;

/** One event in five is a changed quote, the rest are trades. */
const QUOTE_SHARE = 0.2;

/** Indices are computed once a second. */
const INDEX_INTERVAL_MS = 1_000;

/** Trading weights change with regimes; this often they are looked at again (ms). */
const WEIGHTS_INTERVAL_MS = 500;

export interface SimulatedMarketOptions {
  seed: number;
  /** Trades and quote changes of all symbols together. */
  ticksPerSecond: number;
}

/**
 * An exchange, in sessions of six hours back to back, each with a rush after its opening and before its close: as many trades as
 * asked at any hour, and larger ones in the rush.
 *
 * Deterministic for a seed and a sequence of times. It knows no clock and no wire.
 */
export class SimulatedMarket {
  private readonly random: Random;
  private readonly shares: readonly SimulatedShare[];
  private readonly indices: readonly SimulatedIndex[];
  private readonly byName: ReadonlyMap<string, SimulatedSymbol>;
  private session: number;
  private time: number;
  private owed = 0;
  private indexDueAt: number;
  private weights: number[] = [];
  private totalWeight = 0;
  private weightsDueAt = 0;

  /** @param now starts here, with a whole session and the hours of the running one behind it (ms since 1970) */
  constructor(
    private readonly options: SimulatedMarketOptions,
    now: number,
    private readonly listing: Listing = INDIAN_LISTING,
  ) {
    this.random = new Random(options.seed);
    this.session = sessionStart(now) - SESSION_MS;
    this.time = this.session;
    const market = new MarketFactor(new Random(options.seed ^ 0x5eed), this.session);
    this.shares = listing.instruments.map(
      (instrument, index) =>
        new SimulatedShare(
          instrument,
          listing,
          String(100_000_001 + index),
          new Random(options.seed + 7_919 * (index + 1)),
          market,
          this.session,
        ),
    );
    this.indices = Object.entries(listing.indices).map(([name, reference], index) => {
      const members = this.shares.filter(({ instrument }) => instrument.indices.includes(name));
      return new SimulatedIndex(name, reference, String(200_000_001 + index), members, this.session);
    });
    const symbols = [...this.indices, ...this.shares].map(({ symbol }) => symbol);
    this.byName = new Map(symbols.map((symbol) => [symbol.name, symbol]));
    this.openSession(this.session);
    this.catchUp(sessionStart(now));
    this.openSession(sessionStart(now));
    this.catchUp(now);
    this.indexDueAt = now;
  }

  /** A listed symbol, by its name as the vendor writes it. */
  find(name: string): SimulatedSymbol | undefined {
    return this.byName.get(name.toUpperCase());
  }

  get symbols(): IterableIterator<SimulatedSymbol> {
    return this.byName.values();
  }

  get sessionStartedAt(): number {
    return this.session;
  }

  /**
   * Lets the market run up to a time (ms since 1970).
   *
   * @param report called for each event; the symbol it carries shows the state right after the event
   */
  runTo(now: number, report: (event: MarketEvent) => void): void {
    if (now <= this.time) return;
    if (sessionStart(now) !== this.session) this.openSession(sessionStart(now));
    if (now - this.time > LONGEST_STRETCH_MS) this.catchUp(now);
    const from = this.time;
    this.owed += ((now - from) / 1_000) * this.options.ticksPerSecond;
    const events = Math.floor(this.owed);
    this.owed -= events;
    for (let n = 1; n <= events; n++) this.happen(from + ((now - from) * n) / events, report);
    if (now >= this.indexDueAt) {
      this.indexDueAt = now + INDEX_INTERVAL_MS;
      for (const index of this.indices) {
        report({ kind: 'trade', symbol: index.symbol, time: now, special: index.update(now) });
      }
    }
    this.time = now;
  }

  private happen(time: number, report: (event: MarketEvent) => void): void {
    const share = this.pickShare(time);
    if (this.random.chance(QUOTE_SHARE)) {
      share.requote(time);
      report({ kind: 'quote', symbol: share.symbol, time, special: '' });
    } else {
      const special = share.trade(time);
      report({ kind: 'trade', symbol: share.symbol, time, special });
    }
  }

  private pickShare(time: number): SimulatedShare {
    if (time >= this.weightsDueAt) {
      this.weightsDueAt = time + WEIGHTS_INTERVAL_MS;
      this.weights = this.shares.map(({ weight }) => weight);
      this.totalWeight = this.weights.reduce((sum, weight) => sum + weight, 0);
    }
    let left = this.random.uniform() * this.totalWeight;
    for (let index = 0; index < this.weights.length; index++) {
      left -= this.weights[index] as number;
      if (left < 0) return this.shares[index] as SimulatedShare;
    }
    return this.shares[0] as SimulatedShare;
  }

  private openSession(start: number): void {
    this.session = start;
    for (const share of this.shares) share.openSession();
    for (const index of this.indices) index.openSession();
  }

  /** The time up to `now` in coarse steps. */
  private catchUp(now: number): void {
    const perShare = this.options.ticksPerSecond * (1 - QUOTE_SHARE) * (CATCH_UP_STEP_MS / 1_000);
    const totalLiquidity = this.listing.instruments.reduce((sum, { liquidity }) => sum + liquidity, 0);
    const from = Math.max(this.session, this.time);
    for (let time = from + CATCH_UP_STEP_MS; time < now; time += CATCH_UP_STEP_MS) {
      for (const share of this.shares) {
        share.catchUp(time, (perShare * share.instrument.liquidity) / totalLiquidity);
      }
      for (const index of this.indices) index.update(time);
    }
    this.time = now;
  }
}
