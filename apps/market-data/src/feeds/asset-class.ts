import type { AssetClass } from '@tickbridge/contracts';

/** Asset class of an Indian symbol, read from how the exchange writes it. */
export function indianAssetClass(symbol: string): AssetClass {
  if (/^NIFTY [A-Z0-9]/.test(symbol) || symbol === 'INDIA VIX' || symbol === 'SENSEX') return 'index';
  if (/-I{1,3}$/.test(symbol) || /\d{2}[A-Z]{3}FUT$/.test(symbol)) return 'future';
  if (/\d(CE|PE)$/.test(symbol)) return 'option';
  return 'stock';
}
