import { Injectable } from '@nestjs/common';
import { type Money, ZERO } from '@tickbridge/trading-core';
import type { StoredAccount } from '../accounts/account.repository';
import { Brokers } from '../brokers/brokers';
import { PositionBook } from '../positions/position-book';

/** Compares what the books hold with what the broker holds. */
@Injectable()
export class HoldingsComparison {
  constructor(
    private readonly brokers: Brokers,
    private readonly book: PositionBook,
  ) {}

  /**
   * Compares what is held, once orders and fills agree.
   *
   * @returns the differences by symbol, for people; empty when there are none or the broker cannot tell
   */
  async differences(account: StoredAccount): Promise<string[]> {
    const theirs = await this.brokers.of(account).positions(account);
    if (theirs === null) return [];
    const ours = new Map<string, Money>();
    for (const { symbol, quantity } of this.book.open(account.id)) {
      ours.set(symbol, (ours.get(symbol) ?? ZERO).plus(quantity));
    }
    return [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((symbol) => {
      const [own, broker] = [ours.get(symbol) ?? ZERO, theirs.get(symbol) ?? 0];
      return own.eq(broker) ? [] : [`${symbol}: ${own.toFixed()} in the ledger, ${broker} at the broker`];
    });
  }
}
