import type { BrokerOrder } from '../broker';

/**
 * ShareKhan's words for where an order stands, as its day report, its order page and its users name them; there is no
 * official list. Whole words only: "Modify Rejected" says that a change was refused, and the order goes on.
 */
const STATUS_WORDS: Readonly<Record<string, BrokerOrder['status']>> = {
  'in process': 'working',
  pending: 'working',
  open: 'working',
  'partly executed': 'working',
  'trigger pending': 'working',
  modified: 'working',
  'modify pending': 'working',
  'modify rejected': 'working',
  'not modified': 'working',
  'cancel pending': 'working',
  'cancel rejected': 'working',
  'not cancelled': 'working',
  'fully executed': 'filled',
  rejected: 'rejected',
  cancelled: 'canceled',
  canceled: 'canceled',
  'partly cancelled': 'canceled',
  expired: 'expired',
};

/** @returns `undefined` for a word that is not in the table */
export function statusOfWord(word: string): BrokerOrder['status'] | undefined {
  const key = word
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, ' ');
  return Object.hasOwn(STATUS_WORDS, key) ? STATUS_WORDS[key] : undefined;
}
