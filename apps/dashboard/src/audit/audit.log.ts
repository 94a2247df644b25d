import { Injectable, Logger, Optional } from '@nestjs/common';
import type { AuditEntry, AuditVerification } from '@tickbridge/contracts';
import { audit, Database, type Queryable } from '@tickbridge/database';
import { MetricsRegistry } from '@tickbridge/service-bootstrap';
import { and, asc, desc, eq, gt, gte, lt, lte, sql, type SQL } from 'drizzle-orm';
import { Counter } from 'prom-client';
import { canonicalJson, ChainCheck, hashOf, NO_HASH } from './audit.chain';

/** Any fixed number: writers of all instances take turns by it. */
const LOCK = 7_242_027;
const VERIFY_ROWS = 5_000;
/** More text than this of one row is cut off. */
const MAX_DETAIL = 4_000;
const MAX_TEXT = 200;

/** Something somebody did or tried. */
export interface AuditEvent {
  actor: string;
  action: string;
  target?: string | null | undefined;
  /** `ok`, or the code of the refusal. */
  outcome?: string;
  address?: string | null;
  detail?: Record<string, unknown>;
}

export interface AuditFilter {
  actor?: string | undefined;
  action?: string | undefined;
  target?: string | undefined;
  outcome?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  /** Rows older than this sequence. */
  before?: number | undefined;
}

type Row = typeof audit.$inferSelect;

/** The audit log: append-only, each row bound to the one before. */
@Injectable()
export class AuditLog {
  private readonly log = new Logger(AuditLog.name);
  private readonly rows: Counter | undefined;
  private readonly lost: Counter | undefined;

  constructor(
    private readonly database: Database,
    @Optional() metrics?: MetricsRegistry,
  ) {
    if (!metrics) return;
    this.rows = new Counter({
      name: 'tickbridge_audit_events_total',
      help: 'Acts and attempts in the audit log, by kind and whether they went through',
      labelNames: ['action', 'outcome'],
      registers: [metrics],
    });
    this.lost = new Counter({
      name: 'tickbridge_audit_lost_total',
      help: 'Acts that could not be written to the audit log; the service log has them',
      registers: [metrics],
    });
  }

  /**
   * Adds a row; writers take turns, so the order is the order of the chain.
   *
   * @throws what the database throws
   */
  async append(event: AuditEvent): Promise<void> {
    const lock = (transaction: Queryable) => transaction.execute(sql`select pg_advisory_xact_lock(${LOCK})`);
    await this.database.transactionWithLock(lock, async (transaction) => {
      const [last] = await transaction.select().from(audit).orderBy(desc(audit.sequence)).limit(1);
      const at = new Date();
      const content = contentOf(event, (last?.sequence ?? 0) + 1, at);
      const previousHash = last?.hash ?? NO_HASH;
      await transaction
        .insert(audit)
        .values({ ...content, at, previousHash, hash: hashOf(previousHash, content) });
    });
    this.rows?.inc({ action: event.action, outcome: (event.outcome ?? 'ok') === 'ok' ? 'ok' : 'refused' });
  }

  /** Adds a row about what has happened already: that it cannot be written is counted and logged, and changes nothing. */
  async record(event: AuditEvent): Promise<void> {
    try {
      await this.append(event);
    } catch (error) {
      this.lost?.inc();
      this.log.error({ msg: 'not written to the audit log', event, reason: String(error) });
    }
  }

  /** Rows, newest first. */
  async list(filter: AuditFilter, limit: number): Promise<AuditEntry[]> {
    const rows = await this.database.orm
      .select()
      .from(audit)
      .where(and(...conditions(filter)))
      .orderBy(desc(audit.sequence))
      .limit(limit);
    return rows.map(toEntry);
  }

  /** Follows the whole chain. */
  async verify(): Promise<AuditVerification> {
    const check = new ChainCheck();
    let newest: AuditVerification['newest'] = null;
    for (;;) {
      const rows: Row[] = await this.database.orm
        .select()
        .from(audit)
        .where(gt(audit.sequence, newest?.sequence ?? 0))
        .orderBy(asc(audit.sequence))
        .limit(VERIFY_ROWS);
      for (const row of rows) check.add({ ...row, at: row.at.toISOString() });
      const last = rows.at(-1);
      if (last) newest = { sequence: last.sequence, hash: last.hash };
      if (rows.length < VERIFY_ROWS) break;
    }
    return { intact: check.brokenAt === null, rows: check.rows, brokenAt: check.brokenAt, newest };
  }
}

function contentOf(event: AuditEvent, sequence: number, at: Date) {
  const { actor, action, target = null, outcome = 'ok', address = null, detail = {} } = event;
  const text = canonicalJson(detail);
  return {
    sequence,
    at: at.toISOString(),
    actor: storable(actor),
    action,
    target: target === null ? null : storable(target),
    outcome,
    address,
    detail:
      text.length > MAX_DETAIL
        ? canonicalJson({ cutAtCharacters: MAX_DETAIL })
        : text.replaceAll('\\u0000', ''),
  };
}

/** PostgreSQL keeps no NUL, and nobody reads a name of a thousand letters. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '').slice(0, MAX_TEXT);
}

function conditions({ actor, action, target, outcome, from, to, before }: AuditFilter): SQL[] {
  return [
    actor !== undefined && eq(audit.actor, actor),
    action !== undefined && eq(audit.action, action),
    target !== undefined && eq(audit.target, target),
    outcome !== undefined && eq(audit.outcome, outcome),
    from !== undefined && gte(audit.at, new Date(from)),
    to !== undefined && lte(audit.at, new Date(to)),
    before !== undefined && lt(audit.sequence, before),
  ].filter((condition): condition is SQL => condition !== false);
}

function toEntry({ at, detail, previousHash: _before, ...row }: Row): AuditEntry {
  return { ...row, at: at.toISOString(), detail: JSON.parse(detail) as Record<string, unknown> };
}
