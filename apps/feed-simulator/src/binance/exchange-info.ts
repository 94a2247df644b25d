import { decimalsOf } from '@tickbridge/contracts';
import { knownInstrument } from '@tickbridge/trading-core';
import { recordedFrames } from './recorded-stream';

/** Finest decimals that the trades of a symbol show. */
interface Decimals {
  price: number;
  quantity: number;
}

/** The finest prices and quantities of each symbol in a recording. */
export async function recordedDecimals(paths: readonly string[]): Promise<Map<string, Decimals>> {
  const bySymbol = new Map<string, Decimals>();
  for (const path of paths) {
    for await (const { stream, text } of recordedFrames(path)) {
      if (!stream.endsWith('@trade')) continue;
      const { data } = JSON.parse(text) as { data: { s: string; p: string; q: string } };
      const known = bySymbol.get(data.s) ?? { price: 0, quantity: 0 };
      bySymbol.set(data.s, {
        price: Math.max(known.price, decimalsOf(Number(data.p))),
        quantity: Math.max(known.quantity, decimalsOf(Number(data.q))),
      });
    }
  }
  return bySymbol;
}

/** A row of `/api/v3/exchangeInfo`. What a recording cannot tell, as the assets of an unknown pair, is left out. */
export function exchangeInfoRow(symbol: string, { price, quantity }: Decimals): object {
  const known = knownInstrument('binance', symbol);
  const step = text(quantity);
  return {
    symbol,
    status: 'TRADING',
    ...(known && { baseAsset: known.baseAsset, quoteAsset: known.currency }),
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: known?.shortProducts.includes('margin') ?? false,
    filters: [
      {
        filterType: 'PRICE_FILTER',
        minPrice: text(price),
        maxPrice: '1000000.00000000',
        tickSize: text(price),
      },
      { filterType: 'LOT_SIZE', minQty: step, maxQty: '9000.00000000', stepSize: step },
      { filterType: 'MARKET_LOT_SIZE', minQty: '0.00000000', maxQty: '100.00000000', stepSize: '0.00000000' },
      {
        filterType: 'NOTIONAL',
        minNotional: '5.00000000',
        applyMinToMarket: true,
        maxNotional: '9000000.00000000',
      },
    ],
  };
}

/** `0.01000000`: one unit of the last of so many decimals. */
function text(decimals: number): string {
  return (10 ** -decimals).toFixed(8);
}
