import type { Clock } from './clock';
import type { Claim, SharedTier } from './shared-tier';

/** As a rule the tier is known to be away long before. */
const CLAIM_ATTEMPTS = 20;

/**
 * The right to load one key, held in shared memory by a token.
 *
 * The token fences what is handed in: whoever writes, deletes, clears or flushes the key takes the lease away.
 */
export class Lease {
  private renewing = false;
  private cancel: (() => void) | undefined;

  constructor(
    private readonly tier: SharedTier,
    private readonly clock: Clock,
    readonly key: string,
    readonly token: number,
    private readonly leaseMs: number,
  ) {}

  /**
   * Asks for it.
   *
   * @param force also when a live value is there
   * @param failed told of each question without an answer
   * @returns `undefined` when shared memory does not answer
   */
  async claim(force: boolean, failed: () => void): Promise<Claim | undefined> {
    // An answer that came too late may have been a lease: asking again with the same token finds it.
    for (let attempt = 1; this.tier.available && attempt <= CLAIM_ATTEMPTS; attempt += 1) {
      try {
        return await this.tier.claim(this.key, this.token, this.leaseMs, force);
      } catch {
        // Without shared memory each process loads for itself; the tier's own log tells why.
        failed();
      }
    }
    return undefined;
  }

  /** Holds it while the load lasts, however long that is. */
  keep(): void {
    this.renewing = true;
    this.renewLater();
  }

  stopKeeping(): void {
    this.renewing = false;
    this.cancel?.();
  }

  private renewLater(): void {
    this.cancel = this.clock.after(this.leaseMs / 3, () => {
      this.tier.renew(this.key, this.token, this.leaseMs).then(
        (held) => held && this.renewing && this.renewLater(),
        // Not heard in time: it may still be held.
        () => this.renewing && this.renewLater(),
      );
    });
  }
}
