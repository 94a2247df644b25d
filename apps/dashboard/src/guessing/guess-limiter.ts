import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { AttemptStore } from './attempt-store';
import { networkOf } from './network';

/** Attempts at one account from one network that are judged without delay. */
const FREE_PER_PAIR = 5;
/** Attempts from one network, whatever the account. */
const FREE_PER_NETWORK = 30;
/** Attempts at one account from all networks before strange networks are answered more slowly. */
const FREE_PER_ACCOUNT = 50;
/** Codes of one account, by whoever knows its password already. */
const FREE_CODES = 10;
const LONGEST_WAIT_S = 15 * 60;
/** A strange network waits so long at most for its answer while an account is under attack (ms). */
const LONGEST_DELAY_MS = 5_000;
const DELAY_STEP_MS = 100;
/** Answers that may be held back at a time. */
const MAX_HELD_BACK = 50;

/** Who tries to prove what. */
export interface Attempt {
  account: string;
  /** Address of the caller. */
  address: string;
  /** Whether the account's owner has come from this network before. */
  known: boolean;
  /** A code guessed by somebody who had the right password is counted for the account as a whole. */
  kind?: 'password' | 'code';
}

/** One attempt that was paid for; tell what became of it. */
export interface PaidAttempt {
  /** It was right: what this network did wrong with this account is forgotten. */
  succeeded(): Promise<void>;
  /** It was never judged, for a reason of our own: it costs nothing. */
  notJudged(): Promise<void>;
}

interface Limit {
  key: string;
  free: number;
}

/**
 * Slows guessing down without locking owners out.
 *
 * Every attempt is paid for before it is judged. Beyond the free ones a network gets one attempt per window, and the
 * window doubles up to a quarter of an hour. Attempts of other networks never close an account: they only make answers to
 * networks its owner has not come from before slower.
 */
@Injectable()
export class GuessLimiter {
  private heldBack = 0;

  constructor(private readonly store: AttemptStore) {}

  /** @throws ProblemException 429 with Retry-After when there were too many */
  async take(attempt: Attempt): Promise<PaidAttempt> {
    const network = networkOf(attempt.address);
    const account = createHash('sha256').update(attempt.account.toLowerCase()).digest('base64url');
    const kind = attempt.kind ?? 'password';
    const pair = { key: `${kind} ${account} ${network}`, free: FREE_PER_PAIR };
    const limits: Limit[] = [pair, { key: network, free: FREE_PER_NETWORK }];
    if (kind === 'code' && !attempt.known) limits.push({ key: `code ${account}`, free: FREE_CODES });
    const paid: Limit[] = [];
    for (const limit of limits) {
      const waitMs = await this.pay(limit);
      paid.push(limit);
      if (waitMs === 0) continue;
      await this.giveBack(paid);
      throw refusal(waitMs);
    }
    const everybody = `account ${account}`;
    const total = await this.store.add(everybody);
    if (!attempt.known) await this.holdBack(total, [...paid, { key: everybody, free: 0 }]);
    return {
      succeeded: async () => {
        await this.store.forget(pair.key);
        // The wait of the network stays: a right password for one account buys no guesses at another.
        await this.giveBack([...paid.filter((limit) => limit !== pair), { key: everybody, free: 0 }]);
      },
      notJudged: () => this.giveBack([...paid, { key: everybody, free: 0 }], true),
    };
  }

  /** @returns how long to wait (ms); 0 when the attempt may be judged */
  private async pay({ key, free }: Limit): Promise<number> {
    const count = await this.store.add(key);
    if (count < free) return 0;
    const waitS = Math.min(LONGEST_WAIT_S, 2 ** Math.min(count - free + 1, 12));
    return this.store.passOrWait(key, waitS);
  }

  private async giveBack(limits: readonly Limit[], alsoWait = false): Promise<void> {
    for (const { key } of limits) {
      await this.store.takeBack(key);
      if (alsoWait) await this.store.forgetWait(key);
    }
  }

  private async holdBack(total: number, paid: readonly Limit[]): Promise<void> {
    if (total <= FREE_PER_ACCOUNT) return;
    if (this.heldBack >= MAX_HELD_BACK) {
      await this.giveBack(paid, true);
      throw refusal(LONGEST_DELAY_MS);
    }
    this.heldBack += 1;
    try {
      await pause(Math.min(LONGEST_DELAY_MS, (total - FREE_PER_ACCOUNT) * DELAY_STEP_MS));
    } finally {
      this.heldBack -= 1;
    }
  }
}

function refusal(waitMs: number): ProblemException {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
  return new ProblemException(
    429,
    'TOO_MANY_ATTEMPTS',
    `Too many wrong attempts from this network. Try again in ${seconds} seconds.`,
    undefined,
    { 'retry-after': String(seconds) },
  );
}
