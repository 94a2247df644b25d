import type { AssetClass, FeedStatus, Instrument } from '@tickbridge/contracts';
import { InstrumentTable } from '@tickbridge/trading-core';

/** What one feed subscribes, as its lists describe it now. */
export class SubscribedInstruments {
  private table: InstrumentTable;
  /** Names that no list has, with the nearest that one does. */
  private refused: FeedStatus['symbolsRefused'] = [];

  constructor(instruments: readonly Instrument[]) {
    this.table = new InstrumentTable(instruments);
  }

  get symbols(): readonly string[] {
    return this.table.symbols;
  }

  get all(): readonly Instrument[] {
    return this.table.all;
  }

  /** Those whose name a list has been asked for and does not have. */
  get unlisted(): FeedStatus['symbolsRefused'] {
    return this.refused;
  }

  get(symbol: string): Instrument | undefined {
    return this.table.get(symbol);
  }

  /** @param name symbol or alias */
  find(name: string): Instrument | undefined {
    return this.table.find(name);
  }

  /** `undefined` for what no list describes. */
  assetClassOf(symbol: string): AssetClass | undefined {
    return this.table.get(symbol)?.assetClass;
  }

  /** A newer list describes them; what is subscribed stays the same. */
  describe(instruments: readonly Instrument[], refused: FeedStatus['symbolsRefused']): void {
    const bySymbol = new Map(instruments.map((instrument) => [instrument.symbol, instrument]));
    this.table = new InstrumentTable(this.all.map((known) => bySymbol.get(known.symbol) ?? known));
    this.refused = refused;
  }
}
