import { TICK_SIZE } from '../market/instruments';
import type { SimulatedMarket } from '../market/simulated-market';
import type { SimulatedSymbol } from '../market/simulated-symbol';

/** ShareKhan's numbers of the simulated shares begin here. */
const FIRST_SCRIP_CODE = 10_001;

/** The instrument master: every symbol of the simulated market on NSE's cash segment. Indices cannot be traded. */
export class ShareKhanInstruments {
  private readonly byCode = new Map<number, SimulatedSymbol>();

  constructor(market: SimulatedMarket) {
    let code = FIRST_SCRIP_CODE;
    for (const symbol of market.symbols) if (!symbol.name.includes(' ')) this.byCode.set(code++, symbol);
  }

  find(scripCode: number): SimulatedSymbol | undefined {
    return this.byCode.get(scripCode);
  }

  /** Rows of `/master/{exchange}`. */
  master(exchange: string): object[] {
    if (exchange !== 'NC') return [];
    return [...this.byCode].map(([scripCode, { name }]) => ({
      scripCode,
      tradingSymbol: name,
      exchange,
      companyName: name,
      instType: 'EQ',
      lotSize: 1,
      tickSize: TICK_SIZE,
    }));
  }
}
