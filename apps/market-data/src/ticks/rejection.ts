/** Why something a feed delivered goes no further. Names are metric labels: change none. */
export const REJECTION_REASONS = [
  'malformed',
  'not-a-number',
  'zero-price',
  'negative-price',
  'negative-quantity',
  'out-of-order',
  'future',
  'duplicate',
  'unknown-symbol',
] as const;

export type RejectionReason = (typeof REJECTION_REASONS)[number];
