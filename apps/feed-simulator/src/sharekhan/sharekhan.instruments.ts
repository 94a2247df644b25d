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
    const rows = [...this.byCode].map(([scripCode, { name }]) => ({
      scripCode,
      tradingSymbol: name,
      exchange,
      companyName: name,
      instType: 'EQ',
      lotSize: 1,
      tickSize: TICK_SIZE,
    }));
    return [...this.oddities(exchange), ...rows.map(asText)];
  }

  /** What such lists are full of: another series of the same name, and rows that say nothing. */
  private oddities(exchange: string): object[] {
    const last = [...this.byCode.values()].at(-1);
    return [
      { scripCode: 90_001, tradingSymbol: last?.name, exchange, instType: 'BE', lotSize: 1, tickSize: 0.01 },
      { scripCode: 'NA', tradingSymbol: null, exchange, instType: 'EQ', lotSize: '', tickSize: '' },
    ];
  }
}

/** Every seventh row has its numbers as texts, and blanks behind its name. */
function asText<Row extends { scripCode: number; tradingSymbol: string; lotSize: number; tickSize: number }>(
  row: Row,
): object {
  const { scripCode, tradingSymbol, lotSize, tickSize } = row;
  if (scripCode % 7 !== 0) return row;
  return {
    ...row,
    scripCode: String(scripCode),
    tradingSymbol: `${tradingSymbol}  `,
    lotSize: String(lotSize),
    tickSize: tickSize.toFixed(2),
  };
}
