import type { Instrument } from '@tickbridge/contracts';
import { knownInstrument } from '@tickbridge/trading-core';

/** A share that trades like every other on NSE. */
export function aShare(symbol: string, values: Partial<Instrument> = {}): Instrument {
  return { ...(knownInstrument('truedata', 'INFY') as Instrument), symbol, ...values };
}

/** A crypto pair that trades like BTCUSDT. */
export function aPair(symbol: string, values: Partial<Instrument> = {}): Instrument {
  return { ...(knownInstrument('binance', 'BTCUSDT') as Instrument), symbol, aliases: [], ...values };
}
