import type { AssetClass } from '@tickbridge/contracts';

/** Smallest price steps of NSE's cash market by price, from its list of April 2025: up to and including. */
const NSE_STEPS: readonly [upTo: number, step: number][] = [
  [250, 0.01],
  [1_000, 0.05],
  [5_000, 0.1],
  [10_000, 0.5],
  [20_000, 1],
  [Number.POSITIVE_INFINITY, 5],
];
/** Binance's finest step; it is coarser for most pairs, which the exchange then says itself. */
const CRYPTO_STEP = 0.00000001;

/**
 * Step of limit prices near a price.
 *
 * NSE fixes the step of a share each month by its last close; the price at hand stands for it, so that a share that
 * has just crossed a border may be judged by the neighbouring step.
 */
export function tickSizeFor(assetClass: AssetClass): (price: number) => number {
  if (assetClass === 'crypto') return () => CRYPTO_STEP;
  return (price) => NSE_STEPS.find(([upTo]) => price <= upTo)?.[1] ?? CRYPTO_STEP;
}
