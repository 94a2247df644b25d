import { Injectable } from '@nestjs/common';
import type { Account, AccountChange, NewAccount } from '@tickbridge/contracts';
import { accountChanges, accounts, Database, type Queryable } from '@tickbridge/database';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { ChargeTable, STRATEGIES } from '@tickbridge/trading-core';
import { asc, eq } from 'drizzle-orm';
import type { StoredAccount } from '../accounts/account.repository';
import { unknownAccount } from '../accounts/unknown-account.problem';
import { TradingFeeds } from '../market/trading-feeds';
import { AccountTraders } from '../traders/account-traders';
import { AccountView } from './account-view';

/** Opening, enabling, arming and steering accounts: acts of a person, kept with name and reason. */
@Injectable()
export class AccountAdmin {
  constructor(
    private readonly database: Database,
    private readonly charges: ChargeTable,
    private readonly feeds: TradingFeeds,
    private readonly traders: AccountTraders,
    private readonly view: AccountView,
  ) {}

  async list(): Promise<Account[]> {
    return (await this.database.orm.select().from(accounts).orderBy(asc(accounts.id))).map((account) =>
      this.view.of(account),
    );
  }

  /** @throws ProblemException 409 when the id is taken or the feed does not run here */
  async open({
    id,
    broker,
    feed,
    capital,
    strategies,
    chargePlan,
    by,
    reason,
  }: NewAccount): Promise<Account> {
    if (!this.feeds.names.includes(feed)) {
      throw new ProblemException(
        409,
        'FEED_NOT_RUNNING',
        `This platform runs on ${this.feeds.names.join(', ')}, not on ${feed}.`,
      );
    }
    mustBeStrategies(strategies ?? null);
    this.mustBePlan(chargePlan ?? null);
    const { currency } = this.feeds.of(feed);
    const opened = await this.database.orm.transaction(async (transaction) => {
      const [row] = await transaction
        .insert(accounts)
        .values({
          id,
          broker,
          feed,
          currency,
          capital,
          cash: capital,
          chargePlan: chargePlan ?? null,
          strategies: strategies === undefined ? followedAtFirst(broker) : strategies,
        })
        .onConflictDoNothing()
        .returning();
      if (row) await audit(transaction, undefined, row, by, reason);
      return row;
    });
    if (!opened) throw new ProblemException(409, 'ACCOUNT_EXISTS', `There is an account ${id} already.`);
    await this.traders.takeFree();
    return this.view.of(opened);
  }

  /** @throws ProblemException 404 for an unknown account */
  async change(
    id: string,
    { enabled, armed, strategies, netting, chargePlan, by, reason }: AccountChange,
  ): Promise<Account> {
    mustBeStrategies(strategies ?? null);
    this.mustBePlan(chargePlan ?? null);
    const changed = await this.database.orm.transaction(async (transaction) => {
      const [before] = await transaction.select().from(accounts).where(eq(accounts.id, id)).for('update');
      if (!before) throw unknownAccount(id);
      const [after] = await transaction
        .update(accounts)
        .set({
          enabled: enabled ?? before.enabled,
          armed: armed ?? before.armed,
          strategies: strategies === undefined ? before.strategies : strategies,
          netting: netting ?? before.netting,
          chargePlan: chargePlan === undefined ? before.chargePlan : chargePlan,
          ...(beginsToAct(before, { enabled, armed }) && { activeSince: new Date() }),
        })
        .where(eq(accounts.id, id))
        .returning();
      if (!after) throw unknownAccount(id);
      await audit(transaction, before, after, by, reason);
      return after;
    });
    await this.traders.takeFree();
    this.traders.update(changed);
    return this.view.of(changed);
  }

  private mustBePlan(plan: string | null): void {
    if (plan === null || this.charges.plans.includes(plan)) return;
    const known = this.charges.plans.join(', ');
    throw new ProblemException(409, 'CHARGE_PLAN_UNKNOWN', `There is no plan ${plan}; there are ${known}.`);
  }
}

/** With money at stake a person chooses what an account follows. */
function followedAtFirst(broker: StoredAccount['broker']): string[] | null {
  return broker === 'paper' ? null : [];
}

/** Armed or enabled now, and not before: what was decided until then was not decided for it to carry out. */
function beginsToAct(before: StoredAccount, { enabled, armed }: Pick<AccountChange, 'enabled' | 'armed'>) {
  return (armed === true && !before.armed) || (enabled === true && !before.enabled);
}

/** An account that follows what does not exist would follow nothing, without a word. */
function mustBeStrategies(names: readonly string[] | null): void {
  const known = STRATEGIES.map(({ id }) => id);
  const unknown = names?.filter((name) => !known.includes(name)) ?? [];
  if (unknown.length === 0) return;
  const message = `unknown: ${unknown.join(', ')}; known are ${known.join(', ')}`;
  throw new ProblemException(400, 'INVALID_INPUT', `strategies: ${message}`, [
    { field: 'strategies', message },
  ]);
}

async function audit(
  transaction: Queryable,
  before: StoredAccount | undefined,
  after: StoredAccount,
  changedBy: string,
  reason: string,
): Promise<void> {
  await transaction.insert(accountChanges).values({
    accountId: after.id,
    before: before ? settingsOf(before) : null,
    after: settingsOf(after),
    changedBy,
    reason,
    changedAt: new Date(),
  });
}

function settingsOf({ broker, feed, capital, enabled, armed, strategies, chargePlan }: StoredAccount) {
  return { broker, feed, capital, enabled, armed, strategies, chargePlan };
}
