import type { OrderStatus } from '@tickbridge/contracts';

/** From these nothing follows, except that a late fill may still complete a canceled order. */
export const TERMINAL_STATUSES = ['Denied', 'Rejected', 'Canceled', 'Expired', 'Filled'] as const;

export function isTerminal(status: OrderStatus): boolean {
  return (TERMINAL_STATUSES as readonly OrderStatus[]).includes(status);
}

/** Working at the broker, or on its way there. */
export function isOpen(status: OrderStatus): boolean {
  return !isTerminal(status);
}

const WORKING = [
  'PartiallyFilled',
  'Filled',
  'Canceled',
  'Expired',
  'Rejected',
  'PendingUpdate',
  'PendingCancel',
] as const;

/** Which status may follow which in the normal life of an order. */
export const ORDER_TABLE: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  Initialized: ['Denied', 'Submitted'],
  Submitted: [
    'Accepted',
    'Rejected',
    'Canceled',
    'PartiallyFilled',
    'Filled',
    'PendingUpdate',
    'PendingCancel',
  ],
  Accepted: ['Triggered', ...WORKING],
  Triggered: WORKING,
  PartiallyFilled: ['PartiallyFilled', 'Filled', 'Canceled', 'Expired', 'PendingUpdate', 'PendingCancel'],
  PendingUpdate: [
    'Submitted',
    'Accepted',
    'Triggered',
    'PartiallyFilled',
    'Filled',
    'Canceled',
    'Expired',
    'Rejected',
    'PendingCancel',
  ],
  // Submitted, Accepted and Triggered only when a refused cancel restores them.
  PendingCancel: ['Canceled', 'Filled', 'PartiallyFilled', 'Expired', 'Submitted', 'Accepted', 'Triggered'],
  // Canceled to Canceled: a late partial fill is money, and changes no state.
  Canceled: ['Filled', 'Canceled'],
  Denied: [],
  Rejected: [],
  Expired: [],
  Filled: [],
};

/** What an order that was just found at the broker after a restart may become at once. */
export const RECOVERY_TARGETS: readonly OrderStatus[] = [
  'Rejected',
  'Accepted',
  'Canceled',
  'Expired',
  'Triggered',
];
