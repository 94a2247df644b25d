import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, knownNetworks } from '@tickbridge/database';
import { and, eq, gt } from 'drizzle-orm';
import { networkOf } from './network';

const REMEMBERED_MS = 90 * 86_400_000;

/** Networks people have signed in from lately. */
@Injectable()
export class KnownNetworks {
  constructor(private readonly database: Database) {}

  async knows(userId: string, address: string): Promise<boolean> {
    const since = new Date(Date.now() - REMEMBERED_MS);
    const [found] = await this.database.orm
      .select({ id: knownNetworks.id })
      .from(knownNetworks)
      .where(and(eq(knownNetworks.id, idOf(userId, address)), gt(knownNetworks.lastSeenAt, since)))
      .limit(1);
    return found !== undefined;
  }

  async remember(userId: string, address: string): Promise<void> {
    const lastSeenAt = new Date();
    await this.database.orm
      .insert(knownNetworks)
      .values({ id: idOf(userId, address), userId, lastSeenAt })
      .onConflictDoUpdate({ target: knownNetworks.id, set: { lastSeenAt } });
  }
}

function idOf(userId: string, address: string): string {
  return createHash('sha256')
    .update(`${userId} ${networkOf(address)}`)
    .digest('hex');
}
