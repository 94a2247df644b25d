import type { FeedName, SignalAction } from '@tickbridge/contracts';
import { deterministicId } from './deterministic-id';

/** Id of the signal that this strategy gives for this bar of this feed. */
export function signalId(
  source: FeedName,
  strategy: string,
  symbol: string,
  barTimeMs: number,
  action: SignalAction,
): string {
  return deterministicId('signal', source, strategy, symbol, barTimeMs, action);
}

/** Id of the one order that a signal may cause on an account. */
export function orderId(signal: string, accountId: string): string {
  return deterministicId('order', signal, accountId);
}

/** What the broker is told as our reference; short enough for brokers that limit it to 36 characters. */
export function clientOrderId(order: string): string {
  return `TB-${order.replaceAll('-', '').slice(0, 24)}`;
}

/**
 * Trade id of a paper fill.
 *
 * @param fill position of the fill within its order, from 1
 */
export function paperTradeId(order: string, fill: number): string {
  return deterministicId('trade', order, fill);
}
