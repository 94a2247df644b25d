import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { Injectable, Logger } from '@nestjs/common';
import {
  accountLeases,
  accounts,
  Database,
  type Queryable,
  rootMessage,
  statement,
} from '@tickbridge/database';
import { ServiceAddress } from '@tickbridge/service-bootstrap';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { Subject } from 'rxjs';
import { TradingFeeds } from '../market/trading-feeds';
import { SerialQueue } from '../concurrency/serial-queue';

/** A holder that is gone is replaced after this long at most, and one look (milliseconds). */
const TERM_MS = 5_000;
const POLL_INTERVAL_MS = 1_000;
/** This process stops believing in its lease this much earlier than PostgreSQL does (milliseconds). */
const MARGIN_MS = 1_000;

/** Another orchestrator trades the account by now: nothing was written. */
export class FencedOffError extends Error {
  readonly code = 'FENCED_OFF';
  override readonly name = 'FencedOffError';

  constructor(readonly accountId: string) {
    super(`this orchestrator does not hold the lease of account ${accountId} any more`);
  }
}

interface Term {
  fence: number;
  /** On the steady clock, which goes on while the process is stopped (milliseconds). */
  validUntil: number;
}

/** A lease as its holder knows it. */
export interface LeaseClaim {
  readonly accountId: string;
  readonly holder: string;
  readonly fence: number;
}

/** The query that locks a lease, by `LeaseClaim`: it has one row while the claim is true. */
export const lockLease = (transaction: Queryable) =>
  transaction
    .select({ fence: accountLeases.fence })
    .from(accountLeases)
    .where(
      and(
        eq(accountLeases.accountId, sql.placeholder('accountId')),
        eq(accountLeases.holder, sql.placeholder('holder')),
        eq(accountLeases.fence, sql.placeholder('fence')),
      ),
    )
    .for('share');

const guardLease = statement((transaction) => lockLease(transaction).prepare('guard_lease'));

/**
 * Which accounts this orchestrator trades.
 *
 * Leases live in PostgreSQL, the only home of orders: who cannot reach it can neither trade nor hold a lease. Every
 * write of an order runs `guard` in its transaction, which locks the lease's row, so a process that slept through its
 * term writes nothing when it wakes.
 */
@Injectable()
export class AccountLeases {
  /** Name of this process among orchestrators. */
  readonly holder = `${hostname()}:${process.pid}:${randomBytes(3).toString('hex')}`;
  /** Accounts that this process begins or ceases to trade. */
  readonly changes$ = new Subject<{ gained: readonly string[]; lost: readonly string[] }>();
  private readonly logger = new Logger('AccountLeases');
  private readonly terms = new Map<string, Term>();
  private others = new Map<string, { holder: string; address: string | null }>();
  private address: string | null = null;
  private started = false;
  private timer: NodeJS.Timeout | undefined;
  private readonly looks = new SerialQueue();
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly feeds: TradingFeeds,
    address: ServiceAddress,
  ) {
    void address.whenListening().then((known) => (this.address = known));
  }

  /** Takes what is free now, and goes on looking. */
  async start(): Promise<void> {
    this.started = true;
    await this.look();
    this.timer = setInterval(() => {
      this.looking = this.look().catch((error: unknown) =>
        this.logger.debug(`leases not renewed: ${rootMessage(error)}`),
      );
    }, POLL_INTERVAL_MS);
  }

  /** Gives everything back, so that others need not wait. */
  async stop(): Promise<void> {
    this.started = false;
    clearInterval(this.timer);
    await this.looking;
    const held = [...this.terms.keys()];
    if (held.length === 0) return;
    this.terms.clear();
    try {
      await this.database.orm
        .update(accountLeases)
        .set({ expiresAt: sql`now()` })
        .where(and(eq(accountLeases.holder, this.holder), inArray(accountLeases.accountId, held)));
    } catch (error) {
      this.logger.debug(`leases run out by themselves: ${rootMessage(error)}`);
    }
  }

  holds(accountId: string): boolean {
    const term = this.terms.get(accountId);
    return term !== undefined && performance.now() < term.validUntil;
  }

  get held(): string[] {
    return [...this.terms.keys()].filter((id) => this.holds(id));
  }

  /** Who trades the account; `null` while nobody is known to. */
  holderOf(accountId: string): string | null {
    return this.holds(accountId) ? this.holder : (this.others.get(accountId)?.holder ?? null);
  }

  /** Where the other orchestrator that trades the account is reached; `undefined` when none is known to. */
  addressOf(accountId: string): string | undefined {
    return this.others.get(accountId)?.address ?? undefined;
  }

  /** Who trades while this process does not; `null` when nobody does. */
  waitingFor(): string | null {
    const [other] = this.others.values();
    return other === undefined
      ? null
      : `another orchestrator trades (${other.holder}); this one takes over when it ends`;
  }

  /**
   * Locks the lease for the transaction: nobody takes the account over before it ends.
   *
   * @throws FencedOffError when somebody has already
   */
  async guard(transaction: Queryable, accountId: string): Promise<void> {
    const rows = await guardLease(transaction).execute({ ...this.claim(accountId) });
    if (rows.length === 0) throw new FencedOffError(accountId);
  }

  /**
   * What `lockLease` is asked with.
   *
   * @throws FencedOffError when this process knows already that it does not hold the lease
   */
  claim(accountId: string): LeaseClaim {
    const term = this.terms.get(accountId);
    if (!term || !this.holds(accountId)) throw new FencedOffError(accountId);
    return { accountId, holder: this.holder, fence: term.fence };
  }

  /** One look: renews what is held, takes what is free. Nothing before the start: nobody would trade what it takes. */
  look(): Promise<void> {
    // Two looks at a time would both find the same account new, and it would be begun twice.
    return this.looks.run(() => this.lookOnce());
  }

  private async lookOnce(): Promise<void> {
    if (!this.started) return;
    const before = new Set(this.held);
    const asked = performance.now();
    const term = sql`now() + ${`${TERM_MS} milliseconds`}::interval`;
    const rows = await this.database.orm
      .insert(accountLeases)
      .select((query) =>
        query
          .select({
            accountId: accounts.id,
            holder: sql<string>`${this.holder}::text`.as('holder'),
            fence: sql<number>`1::bigint`.as('fence'),
            expiresAt: sql<Date>`${term}`.as('expires_at'),
            address: sql<string | null>`${this.address}::text`.as('address'),
          })
          .from(accounts)
          .where(inArray(accounts.feed, [...this.feeds.names])),
      )
      .onConflictDoUpdate({
        target: accountLeases.accountId,
        set: {
          holder: this.holder,
          // The same holder goes on under the same number, unless its term has run out.
          fence: sql`case when ${accountLeases.holder} = ${this.holder} and ${accountLeases.expiresAt} > now()
            then ${accountLeases.fence} else ${accountLeases.fence} + 1 end`,
          expiresAt: term,
          address: this.address,
        },
        setWhere: sql`${accountLeases.holder} = ${this.holder} or ${accountLeases.expiresAt} <= now()`,
      })
      .returning({ accountId: accountLeases.accountId, fence: accountLeases.fence });
    this.note(before, asked, rows);
    await this.readOthers();
  }

  private note(
    before: ReadonlySet<string>,
    asked: number,
    rows: readonly { accountId: string; fence: number }[],
  ) {
    const gained: string[] = [];
    for (const { accountId, fence } of rows) {
      // A new number means that the account was out of our hands in between.
      if (!before.has(accountId) || this.terms.get(accountId)?.fence !== fence) gained.push(accountId);
      this.terms.set(accountId, { fence, validUntil: asked + TERM_MS - MARGIN_MS });
    }
    const mine = new Set(rows.map(({ accountId }) => accountId));
    const lost = [...this.terms.keys()].filter((id) => !mine.has(id));
    for (const id of lost) this.terms.delete(id);
    if (gained.length > 0) this.logger.log(`trading ${gained.join(', ')} from now on`);
    if (lost.length > 0) this.logger.warn(`not trading ${lost.join(', ')} any more`);
    if (gained.length > 0 || lost.length > 0) this.changes$.next({ gained, lost });
  }

  private async readOthers(): Promise<void> {
    const rows = await this.database.orm
      .select({
        accountId: accountLeases.accountId,
        holder: accountLeases.holder,
        address: accountLeases.address,
      })
      .from(accountLeases)
      .where(sql`${accountLeases.holder} <> ${this.holder} and ${accountLeases.expiresAt} > now()`);
    this.others = new Map(rows.map(({ accountId, ...other }) => [accountId, other]));
  }
}
