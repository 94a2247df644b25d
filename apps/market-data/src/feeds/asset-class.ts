import type { AssetClass } from '@tickbridge/contracts';
import { indianInstrument } from '../symbols/indian-symbols';

/** Asked with every trade, about the few names that are subscribed. */
const known = new Map<string, AssetClass>();

/** Asset class of an Indian symbol, read from how the exchange writes it. */
export function indianAssetClass(symbol: string): AssetClass {
  let assetClass = known.get(symbol);
  if (assetClass === undefined) {
    assetClass = indianInstrument(symbol).assetClass;
    known.set(symbol, assetClass);
  }
  return assetClass;
}
