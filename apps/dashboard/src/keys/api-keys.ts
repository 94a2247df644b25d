import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import {
  scopeSchema,
  toIso,
  type ApiKeySummary,
  type CreatedApiKey,
  type NewApiKey,
  type Role,
  type Scope,
} from '@tickbridge/contracts';
import { apiKeys, Database } from '@tickbridge/database';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { and, eq, gt, inArray, isNull } from 'drizzle-orm';
import { AuditLog } from '../audit/audit.log';

const PREFIX = 'tbk_';
/** Prefix and 32 random bytes in base64url. */
const FORM = /^tbk_[A-Za-z0-9_-]{43}$/;
const DAY_MS = 86_400_000;
/** Use is noted at most this often (ms), and audited once an hour. */
const NOTE_INTERVAL_MS = 60_000;
const AUDIT_INTERVAL_MS = 3_600_000;

const ROLE_OF: Record<Scope, Role> = { read: 'viewer', trade: 'trader', admin: 'admin' };

type Row = typeof apiKeys.$inferSelect;

/** Keys of scripts: named, scoped, expiring, revocable at once; stored as hashes only. */
@Injectable()
export class ApiKeys {
  private readonly log = new Logger(ApiKeys.name);
  /** When each key's use was last audited by this process (ms since 1970). */
  private readonly auditedAt = new Map<string, number>();

  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Makes a key.
   *
   * @returns with the key itself, known this once
   * @throws ProblemException 409 when the name is taken; names of revoked keys stay taken, so that the audit log is clear
   */
  async create({ name, scope, expiresInDays }: NewApiKey, createdBy: string): Promise<CreatedApiKey> {
    const key = `${PREFIX}${randomBytes(32).toString('base64url')}`;
    const now = Date.now();
    const [made] = await this.database.orm
      .insert(apiKeys)
      .values({
        id: randomUUID(),
        name,
        scope,
        createdBy,
        secretHash: hashOf(key),
        createdAt: new Date(now),
        expiresAt: new Date(now + expiresInDays * DAY_MS),
      })
      .onConflictDoNothing({ target: apiKeys.name })
      .returning();
    if (!made)
      throw new ProblemException(
        409,
        'KEY_NAME_TAKEN',
        'There is or was a key of this name; choose another.',
      );
    return { ...summaryOf(made), key };
  }

  async list(): Promise<ApiKeySummary[]> {
    const rows = await this.database.orm.select().from(apiKeys).orderBy(apiKeys.name);
    return rows.map(summaryOf);
  }

  /** Ends a key at once, for every instance. @returns its name; `undefined` when there is none that lives */
  async revoke(id: string): Promise<string | undefined> {
    const [revoked] = await this.database.orm
      .update(apiKeys)
      .set({ revokedAt: new Date() })
      .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
      .returning({ name: apiKeys.name });
    return revoked?.name;
  }

  /** The key a request carries, while it is neither revoked nor expired. Counts as use. @throws what the database throws */
  async find(text: string, address: string): Promise<{ id: string; name: string; role: Role } | undefined> {
    if (!FORM.test(text)) return undefined;
    const [row] = await this.database.orm
      .select()
      .from(apiKeys)
      .where(eq(apiKeys.secretHash, hashOf(text)))
      .limit(1);
    const now = Date.now();
    const scope = scopeSchema.safeParse(row?.scope).data;
    if (!row || !scope || row.revokedAt !== null || row.expiresAt.getTime() <= now) return undefined;
    if (now - (row.lastUsedAt?.getTime() ?? 0) >= NOTE_INTERVAL_MS) await this.noteUse(row, now);
    if (now - (this.auditedAt.get(row.id) ?? 0) >= AUDIT_INTERVAL_MS) {
      this.auditedAt.set(row.id, now);
      await this.audit.record({ actor: `key:${row.name}`, action: 'key.use', target: row.name, address });
    }
    return { id: row.id, name: row.name, role: ROLE_OF[scope] };
  }

  /** Which of these keys go on. */
  async living(ids: readonly string[], now: number): Promise<ReadonlySet<string>> {
    const found = await this.database.orm
      .select({ id: apiKeys.id })
      .from(apiKeys)
      .where(
        and(inArray(apiKeys.id, [...ids]), isNull(apiKeys.revokedAt), gt(apiKeys.expiresAt, new Date(now))),
      );
    return new Set(found.map(({ id }) => id));
  }

  private async noteUse({ id, name }: Row, now: number): Promise<void> {
    await this.database.orm
      .update(apiKeys)
      .set({ lastUsedAt: new Date(now) })
      .where(eq(apiKeys.id, id))
      .catch((error: unknown) => this.log.warn(`use of key ${name} not noted: ${String(error)}`));
  }
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

function summaryOf(row: Row): ApiKeySummary {
  return {
    id: row.id,
    name: row.name,
    createdBy: row.createdBy,
    scope: scopeSchema.parse(row.scope),
    createdAt: toIso(row.createdAt.getTime()),
    expiresAt: toIso(row.expiresAt.getTime()),
    lastUsedAt: row.lastUsedAt && toIso(row.lastUsedAt.getTime()),
    revokedAt: row.revokedAt && toIso(row.revokedAt.getTime()),
  };
}
