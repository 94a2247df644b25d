import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { ProblemException } from '@tickbridge/service-bootstrap';

/** A login that takes longer begins anew (milliseconds). */
export const LOGIN_LIFE_MS = 10 * 60_000;
const TEXT = /^([A-Z0-9_]{1,64})\.([0-9a-z]{1,11})\.([0-9a-f]{32})\.([A-Za-z0-9_-]{43})$/;

/** A login that was begun. */
export interface BegunLogin {
  readonly accountId: string;
  /** ms since 1970. */
  readonly begunAt: number;
}

/**
 * The `state` a browser takes to the broker's login page and back: says which account is logged in, for whose session,
 * and since when. It is signed, so nothing has to be kept to know it again, and any orchestrator does.
 */
export class LoginStates {
  private readonly keys: readonly Buffer[];
  /** Numbers of used states, and when they are forgotten because they are too old anyway. */
  private readonly used = new Map<string, number>();

  /** @param keys base64 keys, newest first: the newest signs, any of them is believed */
  constructor(keys: readonly string[]) {
    this.keys = keys.map((key) =>
      Buffer.from(hkdfSync('sha256', Buffer.from(key, 'base64'), '', 'broker login state', 32)),
    );
  }

  begin(accountId: string, session: string, now: number): string {
    const fields = `${accountId}.${now.toString(36)}.${randomBytes(16).toString('hex')}`;
    const [newest] = this.keys;
    if (!newest) throw new Error('expected a key to sign login states with');
    return `${fields}.${sign(newest, fields, session)}`;
  }

  /**
   * Accepts a state, once.
   *
   * @throws ProblemException LOGIN_STATE_INVALID, LOGIN_STATE_EXPIRED or LOGIN_STATE_USED
   */
  accept(state: string, session: string, now: number): BegunLogin {
    const [, accountId, time, number, signature] = TEXT.exec(state) ?? [];
    if (!accountId || !time || !number || !signature) throw invalid();
    const fields = `${accountId}.${time}.${number}`;
    const genuine = this.keys.some((key) => equal(sign(key, fields, session), signature));
    if (!genuine) throw invalid();
    const begunAt = Number.parseInt(time, 36);
    if (now - begunAt > LOGIN_LIFE_MS) {
      throw new ProblemException(
        400,
        'LOGIN_STATE_EXPIRED',
        'This login was begun more than 10 minutes ago. Begin it anew from the accounts panel.',
      );
    }
    for (const [other, end] of this.used) if (end < now) this.used.delete(other);
    if (this.used.has(number)) throw usedState();
    this.used.set(number, begunAt + LOGIN_LIFE_MS);
    return { accountId, begunAt };
  }
}

export function usedState(): ProblemException {
  return new ProblemException(
    409,
    'LOGIN_STATE_USED',
    'This login was completed already. Begin a new one from the accounts panel if it is needed.',
  );
}

function invalid(): ProblemException {
  return new ProblemException(
    400,
    'LOGIN_STATE_INVALID',
    'This login was not begun in this session, or its state was altered. Begin it anew from the accounts panel.',
  );
}

function sign(key: Buffer, fields: string, session: string): string {
  return createHmac('sha256', key).update(`${fields}\n${session}`).digest('base64url');
}

function equal(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
