import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database, isDatabaseUnavailable } from '@tickbridge/database';
import { PostgresSessionRepository } from '../identity/postgres-session.repository';
import { ApiKeys } from '../keys/api-keys';
import { StreamHub } from '../stream/stream.hub';

/** How often open streams are compared with the sessions and keys they were opened with (ms). */
const CHECK_INTERVAL_MS = 1_000;
const KEY_PREFIX = 'key:';

/** Closes live streams whose session or key has ended elsewhere: in another instance, or on the command line. */
@Injectable()
export class StreamGuard implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(StreamGuard.name);
  private readonly sessions: PostgresSessionRepository;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly hub: StreamHub,
    private readonly keys: ApiKeys,
    database: Database,
  ) {
    this.sessions = new PostgresSessionRepository(database);
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.check(), CHECK_INTERVAL_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** @internal public for tests */
  async check(): Promise<void> {
    const owners = [...this.hub.owners()];
    if (owners.length === 0) return;
    const keyIds = owners.filter(isKey).map((owner) => owner.slice(KEY_PREFIX.length));
    const sessionIds = owners.filter((owner) => !isKey(owner));
    try {
      const now = Date.now();
      const [livingKeys, livingSessions] = await Promise.all([
        keyIds.length === 0 ? new Set<string>() : this.keys.living(keyIds, now),
        sessionIds.length === 0 ? new Set<string>() : this.sessions.living(sessionIds, now),
      ]);
      for (const id of keyIds) if (!livingKeys.has(id)) this.hub.closeOwner(`${KEY_PREFIX}${id}`);
      for (const id of sessionIds) if (!livingSessions.has(id)) this.hub.closeOwner(id);
    } catch (error) {
      // While the database is away nobody can end a session either; prices go on.
      if (isDatabaseUnavailable(error)) this.log.debug(`open streams not checked: ${String(error)}`);
      else this.log.error(error);
    }
  }
}

function isKey(owner: string): boolean {
  return owner.startsWith(KEY_PREFIX);
}
