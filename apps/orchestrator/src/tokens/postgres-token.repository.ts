import { Injectable } from '@nestjs/common';
import { brokerTokens, Database } from '@tickbridge/database';
import { TokenRepository, type TokenRow } from '@tickbridge/shared-cache';
import { and, asc, eq } from 'drizzle-orm';

/** Durable home of broker tokens: ciphertext in PostgreSQL. */
@Injectable()
export class PostgresTokenRepository extends TokenRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async find(provider: string, accountId: string): Promise<TokenRow | undefined> {
    const [row] = await this.database.orm.select().from(brokerTokens).where(is(provider, accountId));
    return row && toTokenRow(row);
  }

  override async save(row: TokenRow): Promise<void> {
    const values = {
      ciphertext: row.ciphertext,
      keyId: keyIdOf(row.ciphertext),
      expiresAt: new Date(row.expiresAt),
      updatedAt: new Date(row.savedAt),
      endedAs: row.endedAs,
      revokedAt: row.endedAt === null ? null : new Date(row.endedAt),
    };
    await this.database.orm
      .insert(brokerTokens)
      .values({ provider: row.provider, accountId: row.accountId, ...values })
      .onConflictDoUpdate({ target: [brokerTokens.provider, brokerTokens.accountId], set: values });
  }

  override async end(
    provider: string,
    accountId: string,
    as: 'revoked' | 'rejected',
    at: number,
    savedAt?: number,
  ): Promise<boolean> {
    const meant = savedAt === undefined ? undefined : eq(brokerTokens.updatedAt, new Date(savedAt));
    const ended = await this.database.orm
      .update(brokerTokens)
      .set({ endedAs: as, revokedAt: new Date(at) })
      .where(and(is(provider, accountId), meant))
      .returning({ accountId: brokerTokens.accountId });
    return ended.length > 0;
  }

  override async reencrypt(provider: string, accountId: string, from: string, to: string): Promise<void> {
    await this.database.orm
      .update(brokerTokens)
      .set({ ciphertext: to, keyId: keyIdOf(to) })
      .where(and(is(provider, accountId), eq(brokerTokens.ciphertext, from)));
  }

  override async list(provider?: string): Promise<readonly TokenRow[]> {
    const rows = await this.database.orm
      .select()
      .from(brokerTokens)
      .where(provider === undefined ? undefined : eq(brokerTokens.provider, provider))
      .orderBy(asc(brokerTokens.provider), asc(brokerTokens.accountId));
    return rows.map(toTokenRow);
  }
}

function is(provider: string, accountId: string) {
  return and(eq(brokerTokens.provider, provider), eq(brokerTokens.accountId, accountId));
}

/** `v1.<key id>.<body>`: the public name of the key is part of the text. */
function keyIdOf(ciphertext: string): string {
  return ciphertext.split('.')[1] ?? '';
}

function toTokenRow(row: typeof brokerTokens.$inferSelect): TokenRow {
  const { provider, accountId, ciphertext, expiresAt, updatedAt, endedAs, revokedAt } = row;
  return {
    provider,
    accountId,
    ciphertext,
    expiresAt: expiresAt.getTime(),
    savedAt: updatedAt.getTime(),
    endedAs,
    endedAt: revokedAt?.getTime() ?? null,
  };
}
