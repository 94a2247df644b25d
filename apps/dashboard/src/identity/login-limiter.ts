import { Injectable } from '@nestjs/common';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

const QUARTER_HOUR_S = 15 * 60;

/** Wrong passwords for one user from one address before that pair is locked out for a quarter of an hour. */
const ATTEMPTS_PER_USER = 5;
/** Attempts from one address, whatever the user. */
const ATTEMPTS_PER_ADDRESS = 30;

/** Slows guessing down: every attempt is paid for before it is judged, a success gives the payment back. */
@Injectable()
export class LoginLimiter {
  private readonly perUser = new RateLimiterMemory({
    points: ATTEMPTS_PER_USER,
    duration: QUARTER_HOUR_S,
    blockDuration: QUARTER_HOUR_S,
  });
  private readonly perAddress = new RateLimiterMemory({
    points: ATTEMPTS_PER_ADDRESS,
    duration: QUARTER_HOUR_S,
  });

  /** @throws ProblemException 429 with Retry-After when there were too many */
  async take(address: string, username: string): Promise<void> {
    try {
      await this.perAddress.consume(address);
      await this.perUser.consume(key(address, username));
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const seconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000));
      throw new ProblemException(
        429,
        'TOO_MANY_ATTEMPTS',
        `Too many sign-in attempts. Try again in ${seconds} seconds.`,
        undefined,
        { 'retry-after': String(seconds) },
      );
    }
  }

  async giveBack(address: string, username: string): Promise<void> {
    await this.perUser.delete(key(address, username));
    await this.perAddress.reward(address);
  }
}

/** Length and case of the name must not open a second account of attempts. */
function key(address: string, username: string): string {
  return `${address} ${username.toLowerCase().slice(0, 100)}`;
}
