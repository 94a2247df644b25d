import { type Redis, ReplyError } from 'ioredis';
import { keys } from '../contract/shared-cache.keys';
import { withDeadline } from './deadline';

/** A platform that has not renewed its claim for so long is gone (milliseconds). */
const CLAIM_LIFE_MS = 15_000;
const RENEW_MS = 3_000;
const DEADLINE_MS = 150;

/** This Redis database is in use by another platform. */
export class ForeignInstallationError extends Error {
  override readonly name = 'ForeignInstallationError';

  constructor(other: string, own: string) {
    super(
      `this Redis database belongs to the installation ${other}, which is running; this is ${own}. ` +
        'Set INSTALLATION_PREFIX or another REDIS_DB for one of them',
    );
  }
}

/**
 * Says in Redis whose database it is, as long as a process of that installation lives: two platforms with the same key
 * names would read each other's prices, signals and leases.
 */
export class InstallationClaim {
  private renewedAt = Number.NEGATIVE_INFINITY;
  private refused: ForeignInstallationError | undefined;

  /** @param installation empty: nothing is claimed */
  constructor(
    private readonly installation: string,
    private readonly redis: Redis,
  ) {}

  /** Claims the database, or goes on claiming it. @throws ForeignInstallationError while another one holds it */
  async renew(): Promise<void> {
    if (this.installation === '') return;
    if (performance.now() - this.renewedAt < RENEW_MS) {
      if (this.refused) throw this.refused;
      return;
    }
    const holder = await withDeadline(this.claim(), DEADLINE_MS).catch((error: unknown) => {
      // A read-only server, or one whose access list forbids it: nothing can be claimed there, and nothing written.
      if (error instanceof ReplyError) return null;
      throw error;
    });
    this.renewedAt = performance.now();
    this.refused =
      holder === null || holder === this.installation
        ? undefined
        : new ForeignInstallationError(holder, this.installation);
    if (this.refused) throw this.refused;
  }

  private async claim(): Promise<string | null> {
    const { installation, redis } = this;
    const results = await redis
      .multi()
      .set(keys.installation, installation, 'PX', CLAIM_LIFE_MS, 'NX')
      .get(keys.installation)
      .exec();
    const holder = results?.[1]?.[1];
    if (holder !== installation) return typeof holder === 'string' ? holder : null;
    await redis.pexpire(keys.installation, CLAIM_LIFE_MS);
    return installation;
  }
}
