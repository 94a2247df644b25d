import { formatPrice } from '../format/numbers';
import { useLive } from '../live/use-live';

/** Decimal places that prices of a symbol are shown with; `undefined` while its instrument is not known. */
export function usePriceDecimals(symbol: string | null): number | undefined {
  return useLive(({ instruments }) => (symbol === null ? undefined : instruments.get(symbol)?.priceDecimals));
}

/** A price with its instrument's decimals. */
export function Price({ symbol, price }: { symbol: string | null; price: number | null | undefined }) {
  return <>{formatPrice(price, usePriceDecimals(symbol))}</>;
}
