import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { rootMessage } from '@tickbridge/database';
import { equity, MissingDataError, type Money, type RiskContext, ZERO } from '@tickbridge/trading-core';
import { EquityPeaks } from './equity-peaks';

/**
 * Raises the peaks with the equity that a decision was made on. Nobody waits for it: a peak that could not be stored
 * is stored with the next decision above it.
 */
@Injectable()
export class EquityPeakWatch implements BeforeApplicationShutdown {
  private readonly logger = new Logger('EquityPeaks');
  /** Peaks being stored, by account: one at a time. */
  private readonly underWay = new Map<string, Promise<void>>();

  constructor(private readonly peaks: EquityPeaks) {}

  observe(context: RiskContext): void {
    const { account, equityPeak, paidIn = ZERO, now } = context;
    if (!account || !equityPeak || this.underWay.has(account.id)) return;
    const current = equityOf(context);
    if (!current?.gt(equityPeak)) return;
    const stored = this.peaks
      .raise(account.id, current.minus(paidIn), now)
      .catch((error: unknown) => this.logger.warn(`equity peak not stored: ${rootMessage(error)}`))
      .finally(() => this.underWay.delete(account.id));
    this.underWay.set(account.id, stored);
  }

  /** Resolves when everything seen so far is stored, or could not be. */
  async settled(): Promise<void> {
    await Promise.all(this.underWay.values());
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.settled();
  }
}

/** `undefined` while something held has no price. */
function equityOf(context: RiskContext): Money | undefined {
  try {
    return equity(context);
  } catch (error) {
    if (error instanceof MissingDataError) return undefined;
    throw error;
  }
}
