import { Random } from '../market/random';
import { SimulatedMarket } from '../market/simulated-market';
import type { MarketEvent, SimulatedSymbol } from '../market/simulated-symbol';
import { US_LISTING } from './us-shares';

/** Trades and quotes of all US shares together, as a share of those of the Indian market. */
const ACTIVITY = 0.1;
/** After so many of the trades an odd lot follows. */
const ODD_LOT_SHARE = 0.3;
const ROUND_LOT = 100;

/** A trade below a round lot: it counts in the volume and makes no price. */
export interface OddLot {
  readonly kind: 'odd-lot';
  readonly symbol: SimulatedSymbol;
  readonly time: number;
  readonly price: number;
  readonly quantity: number;
}

export type UsEvent = MarketEvent | OddLot;

/** The simulated US market: a market of its own, with odd lots. */
export class UsMarket {
  private readonly market: SimulatedMarket;
  private readonly random: Random;

  /** @param now starts here, with a session and a half behind it (ms since 1970) */
  constructor({ seed, ticksPerSecond }: { seed: number; ticksPerSecond: number }, now: number) {
    this.market = new SimulatedMarket(
      { seed: seed + 104_729, ticksPerSecond: ticksPerSecond * ACTIVITY },
      now,
      US_LISTING,
    );
    this.random = new Random(seed ^ 0x0dd);
  }

  find(symbol: string): SimulatedSymbol | undefined {
    return this.market.find(symbol);
  }

  get symbols(): IterableIterator<SimulatedSymbol> {
    return this.market.symbols;
  }

  /** Lets the market run up to a time (ms since 1970). */
  runTo(now: number, report: (event: UsEvent) => void): void {
    this.market.runTo(now, (event) => {
      report(event);
      if (event.kind === 'trade' && this.random.chance(ODD_LOT_SHARE)) report(this.oddLotAfter(event));
    });
  }

  private oddLotAfter({ symbol, time }: MarketEvent): OddLot {
    const quantity = Math.max(1, Math.floor(this.random.between(1, ROUND_LOT)));
    const steps = Math.round(this.random.between(-3, 3));
    symbol.tradeWithoutPrice(time, quantity);
    return {
      kind: 'odd-lot',
      symbol,
      time,
      price: Math.max(0.01, Math.round(symbol.lastPrice * 100 + steps) / 100),
      quantity,
    };
  }
}
