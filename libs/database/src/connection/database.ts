import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { Pool, type PoolClient, type QueryResult } from 'pg';
import { runMigrations } from '../migrations/run-migrations';
import { claimInstallation, ForeignDatabaseError } from './installation.claim';
import { LastStatement } from './last-statement';
import { backOffMs } from './back-off';
import { DatabaseUnavailableError, rootMessage } from './database.errors';
import { DatabaseSettings } from './database.options';
import { PreparingClient } from './preparing-client';

const CONNECT_TIMEOUT_MS = 2_000;
const STATEMENT_TIMEOUT_MS = 5_000;
/** A little longer than the server's own limit; for a server that no longer answers at all. */
const ANSWER_TIMEOUT_MS = 6_000;
const DEFAULT_MAX_CONNECTIONS = 10;
/** How often it is said that this installation runs. */
const CLAIM_INTERVAL_MS = 5_000;

const BEGIN = 'begin';
/** Commits of such a transaction do not wait for the disk. */
const BEGIN_WITHOUT_DISK = 'begin; set local synchronous_commit to off';

/** A transaction, or the database outside of one: whatever queries run on. */
export type Queryable = Pick<NodePgDatabase, 'select' | 'insert' | 'update' | 'delete' | 'execute'>;

/**
 * This process's connections to PostgreSQL.
 *
 * Starts without waiting: it connects and migrates in the background, again and again with back-off, and is ready
 * once that succeeded. Later outages show as failing queries; the pool reconnects by itself.
 */
@Injectable()
export class Database implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('Database');
  private readonly pool: Pool | undefined;
  private readonly handle: NodePgDatabase | undefined;
  private readonly handles = new WeakMap<PoolClient, NodePgDatabase>();
  private readonly ready: Promise<void>;
  private markReady: () => void = () => undefined;
  private begun = false;
  private isReady = false;
  private closing = false;
  private wake: () => void = () => undefined;
  private lastError: string | null = null;
  private claimTimer: NodeJS.Timeout | undefined;

  constructor(private readonly settings: DatabaseSettings) {
    const { url, applicationName, maxConnections = DEFAULT_MAX_CONNECTIONS } = settings.value;
    this.ready = new Promise((resolve) => (this.markReady = resolve));
    if (url === undefined) {
      this.lastError = 'DATABASE_URL is not set';
      return;
    }
    this.pool = new Pool({
      connectionString: url,
      application_name: applicationName,
      max: maxConnections,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: ANSWER_TIMEOUT_MS,
      idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
      keepAlive: true,
      Client: PreparingClient,
      // Statements of one connection may follow each other without waiting for answers.
      pipeline: true,
    });
    // Without a listener an idle connection that breaks would end the process.
    this.pool.on('error', (error) => this.note(error));
    // Nor may one that breaks within a transaction, between two of its statements: the next of them fails.
    this.pool.on('connect', (client) => client.on('error', (error: Error) => this.note(error)));
    this.handle = drizzle(this.pool);
  }

  onModuleInit(): void {
    if (this.pool) this.begin(this.pool);
    else this.logger.warn('DATABASE_URL is not set: running without PostgreSQL');
  }

  async onApplicationShutdown(): Promise<void> {
    this.closing = true;
    clearInterval(this.claimTimer);
    this.wake();
    await this.pool?.end();
  }

  /**
   * Queries and transactions.
   *
   * @throws DatabaseUnavailableError until the schema is up to date; query errors are told apart by
   *   `isDatabaseUnavailable`
   */
  get orm(): NodePgDatabase {
    if (this.handle && this.isReady) return this.handle;
    throw this.notReady();
  }

  /**
   * Runs `work` in a transaction that begins with a lock: all it writes is stored, or nothing when it throws.
   *
   * @param lock only reads and locks, because it travels with the beginning of the transaction; `work` gets its result
   * @param work gives the result, or what is sent with the commit to get it: one round trip less
   * @param options `durable: false` does not wait for the disk. The next transaction that does stores this one before
   *   itself; until then a crash of PostgreSQL undoes it, a crash of this process does not
   * @throws DatabaseUnavailableError until the schema is up to date
   */
  async transactionWithLock<Lock, T>(
    lock: (transaction: Queryable) => Promise<Lock>,
    work: (transaction: Queryable, locked: Lock) => Promise<T | LastStatement<T>>,
    { durable = true }: { durable?: boolean } = {},
  ): Promise<T> {
    return this.inTransaction(async (client, transaction) => {
      const begun = client.query(durable ? BEGIN : BEGIN_WITHOUT_DISK);
      const [, locked] = await Promise.all([begun, (async () => lock(transaction))()]);
      const made = await work(transaction, locked);
      if (made instanceof LastStatement) return withCommit(client, made);
      return [made, await client.query('commit')];
    });
  }

  /**
   * Runs one statement without waiting for the disk, in one round trip: the next transaction that waits stores it before
   * itself. Until then a crash of PostgreSQL undoes it, a crash of this process does not.
   *
   * @param send sends one statement and no more
   * @throws DatabaseUnavailableError until the schema is up to date
   */
  withoutDisk<T>(send: (transaction: Queryable) => Promise<T>): Promise<T> {
    return this.inTransaction(async (client, transaction) => {
      const begun = client.query(BEGIN_WITHOUT_DISK);
      const [, ended] = await Promise.all([
        begun,
        withCommit(client, new LastStatement(() => send(transaction))),
      ]);
      return ended;
    });
  }

  /** @param work begins and ends the transaction, and gives the answer to its commit */
  private async inTransaction<T>(
    work: (client: PoolClient, transaction: Queryable) => Promise<[T, QueryResult]>,
  ): Promise<T> {
    const client = await this.connection();
    let unfit: Error | undefined;
    try {
      const [result, { command }] = await work(client, this.on(client));
      // PostgreSQL ends a transaction in which a statement failed without storing it, and calls that an answer.
      if (command !== 'COMMIT') throw new Error('nothing was stored: a statement of the transaction failed');
      return result;
    } catch (error) {
      await client.query('rollback').catch((broken: Error) => (unfit = broken));
      throw error;
    } finally {
      client.release(unfit);
    }
  }

  /**
   * Runs a statement of a library that writes its own.
   *
   * @throws DatabaseUnavailableError until the schema is up to date
   */
  query(statement: { name?: string; text: string; values?: unknown[] }): Promise<{ rows: unknown[] }> {
    if (this.pool && this.isReady) return this.pool.query(statement);
    return Promise.reject(this.notReady());
  }

  /** Resolves once PostgreSQL was reached and migrated for the first time; never, when none is configured. */
  whenReady(): Promise<void> {
    // Somebody may need it before the modules are initialised.
    if (this.pool) this.begin(this.pool);
    return this.ready;
  }

  /** One round trip. @throws DatabaseUnavailableError or the driver's error */
  async ping(): Promise<void> {
    await this.orm.execute('select 1');
  }

  private connection(): Promise<PoolClient> {
    if (this.pool && this.isReady) return this.pool.connect();
    throw this.notReady();
  }

  private on(client: PoolClient): NodePgDatabase {
    const found = this.handles.get(client);
    if (found) return found;
    const handle = drizzle(client);
    this.handles.set(client, handle);
    return handle;
  }

  private notReady(): DatabaseUnavailableError {
    return new DatabaseUnavailableError(`PostgreSQL is not ready: ${this.lastError ?? 'still connecting'}`);
  }

  private begin(pool: Pool): void {
    if (this.begun) return;
    this.begun = true;
    void this.prepare(pool);
  }

  private async prepare(pool: Pool): Promise<void> {
    for (let attempt = 1; !this.closing; attempt += 1) {
      try {
        const applied = await runMigrations(pool, this.settings.value.migrationsDir);
        await this.claim(pool);
        this.isReady = true;
        this.lastError = null;
        this.markReady();
        this.logger.log(`ready, schemas ${applied.join(', ')} up to date`);
        return;
      } catch (error) {
        if (this.closing) return;
        this.note(error);
        if (error instanceof ForeignDatabaseError) this.settings.value.onForeign?.(error);
        await this.pause(backOffMs(attempt));
      }
    }
  }

  /** Two platforms on one database would trade each other's accounts. */
  private async claim(pool: Pool): Promise<void> {
    const { installation } = this.settings.value;
    if (installation === undefined) return;
    await claimInstallation(pool, installation);
    this.claimTimer ??= setInterval(() => {
      claimInstallation(pool, installation).catch((error: unknown) => this.note(error));
    }, CLAIM_INTERVAL_MS);
    this.claimTimer.unref();
  }

  private note(error: unknown): void {
    const reason = rootMessage(error);
    // The same reason again is no news.
    if (reason !== this.lastError) this.logger.warn(`PostgreSQL: ${reason}`);
    this.lastError = reason;
  }

  private pause(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, durationMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** The commit follows the statement without waiting for its answer. */
async function withCommit<T>(client: PoolClient, { send }: LastStatement<T>): Promise<[T, QueryResult]> {
  const sent = (client as unknown as PreparingClient).whenSent();
  const answer = send();
  await Promise.race([sent, answer]);
  return Promise.all([answer, client.query('commit')]);
}
