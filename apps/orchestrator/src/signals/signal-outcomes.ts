import { Injectable } from '@nestjs/common';
import { MANUAL_STRATEGY, PROTECTION_STRATEGY, type Signal } from '@tickbridge/contracts';
import { Database, signalOutcomes, signals } from '@tickbridge/database';
import { and, asc, eq, gt, isNull, notInArray, or } from 'drizzle-orm';
import { AccountLeases } from '../accounts/account-leases';
import type { StoredAccount } from '../accounts/account.repository';
import { TradingClock } from '../market/trading-clock';
import { toSignal } from './signal.repository';

/** A signal that ended longer ago than this is nobody's business any more (milliseconds). */
const FORGOTTEN_MS = 3_600_000;

/** What became of each signal on each account: what has no row yet is still to be decided. */
@Injectable()
export class SignalOutcomes {
  constructor(
    private readonly database: Database,
    private readonly clock: TradingClock,
    private readonly leases: AccountLeases,
  ) {}

  /** Stores what became of a signal on an account. @throws FencedOffError */
  async finish(signalId: string, accountId: string, outcome: string): Promise<void> {
    const decidedAt = new Date(this.clock.now());
    await this.database.transactionWithLock(
      (transaction) => this.leases.guard(transaction, accountId),
      async (transaction) => {
        await transaction
          .insert(signalOutcomes)
          .values({ signalId, accountId, outcome, decidedAt })
          .onConflictDoNothing();
      },
    );
  }

  /** Signals of the account's feed that it has not decided on, since it began to act; oldest first. */
  async pending({ id, feed, activeSince }: StoredAccount): Promise<Signal[]> {
    const rows = await this.database.orm
      .select({ signal: signals })
      .from(signals)
      .leftJoin(
        signalOutcomes,
        and(eq(signalOutcomes.signalId, signals.id), eq(signalOutcomes.accountId, id)),
      )
      .where(
        and(
          isNull(signalOutcomes.signalId),
          eq(signals.source, feed),
          // An order of a person is carried out once, on its account, by whoever was asked.
          or(
            notInArray(signals.strategy, [MANUAL_STRATEGY, PROTECTION_STRATEGY]),
            // Its stop or target was reached: the account leaves, as it leaves with a strategy.
            and(eq(signals.strategy, MANUAL_STRATEGY), eq(signals.action, 'EXIT'), eq(signals.accountId, id)),
          ),
          gt(signals.expiresAt, new Date(this.clock.now() - FORGOTTEN_MS)),
          gt(signals.createdAt, activeSince),
        ),
      )
      .orderBy(asc(signals.position));
    return rows.map(({ signal }) => toSignal(signal));
  }

  async isDecided(signalId: string, accountId: string): Promise<boolean> {
    const rows = await this.database.orm
      .select({ id: signalOutcomes.signalId })
      .from(signalOutcomes)
      .where(and(eq(signalOutcomes.signalId, signalId), eq(signalOutcomes.accountId, accountId)));
    return rows.length > 0;
  }

  /** When a signal ends (ms since 1970); `undefined` when it is not stored. */
  async endOf(signalId: string): Promise<number | undefined> {
    const [row] = await this.database.orm
      .select({ expiresAt: signals.expiresAt })
      .from(signals)
      .where(eq(signals.id, signalId));
    return row?.expiresAt.getTime();
  }
}
