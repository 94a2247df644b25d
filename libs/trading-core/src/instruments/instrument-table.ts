import { type Instrument, instrumentKey } from '@tickbridge/contracts';
import { namesOf } from './instrument-names';

/** `BTC-USDT`, `BTC_USDT`, `BTC USDT`, `BTC:USDT`: a pair, with another separator than its slash. */
const OTHER_SEPARATOR = /^([^-_: /]+)[-_: ]([^-_: /]+)$/;

/** Instruments by every name they are asked for by. */
export class InstrumentTable {
  private readonly byName = new Map<string, Instrument>();
  private readonly bySymbol: ReadonlyMap<string, Instrument>;

  constructor(instruments: readonly Instrument[]) {
    this.bySymbol = new Map(instruments.map((instrument) => [instrument.symbol, instrument]));
    for (const instrument of this.bySymbol.values()) {
      for (const name of namesOf(instrument)) this.byName.set(name, instrument);
    }
    // An own name counts for more than another's alias.
    for (const instrument of this.bySymbol.values())
      this.byName.set(instrumentKey(instrument.symbol), instrument);
  }

  get symbols(): readonly string[] {
    return [...this.bySymbol.keys()];
  }

  get all(): readonly Instrument[] {
    return [...this.bySymbol.values()];
  }

  /** The instrument of exactly this symbol. */
  get(symbol: string): Instrument | undefined {
    return this.bySymbol.get(symbol);
  }

  /** @param name symbol or alias, in any case; a pair with any separator or none */
  find(name: string): Instrument | undefined {
    for (const key of lookUpKeys(name)) {
      const found = this.byName.get(key);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** The keys a name is looked up by, the likeliest first. */
export function lookUpKeys(name: string): readonly string[] {
  const key = instrumentKey(name);
  const pair = OTHER_SEPARATOR.exec(key);
  return pair ? [key, `${pair[1]}/${pair[2]}`] : [key];
}
