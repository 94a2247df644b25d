import type { PriceStep } from '@tickbridge/contracts';

/**
 * Price steps of US shares: hundredths of a cent below a dollar, else a cent.
 *
 * Source: SEC Rule 612 of Regulation NMS. Its amendment lets some shares be quoted in half cents; whole cents are valid
 * there too.
 */
export const US_PRICE_STEPS: PriceStep[] = [
  { upTo: 0.9999, step: 0.0001 },
  { upTo: null, step: 0.01 },
];
