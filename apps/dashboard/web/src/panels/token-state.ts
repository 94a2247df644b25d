import type { Account, TokenStatus } from '@tickbridge/contracts';
import type { Tone } from '../parts/badge';

interface Look {
  label: string;
  tone: Tone;
}

const LOOKS: Record<TokenStatus['state'], Look> = {
  none: { label: 'no token', tone: 'bad' },
  valid: { label: 'logged in', tone: 'good' },
  expiring: { label: 'expiring', tone: 'warn' },
  expired: { label: 'expired', tone: 'bad' },
  rejected: { label: 'rejected', tone: 'bad' },
};

/** The state as it is now: a token that was valid when it was asked about may have ended since. */
export function stateNow({ state, expiresAt }: TokenStatus, now: number): TokenStatus['state'] {
  const alive = state === 'valid' || state === 'expiring';
  return alive && expiresAt !== null && Date.parse(expiresAt) <= now ? 'expired' : state;
}

export function lookOf(state: TokenStatus['state']): Look {
  return LOOKS[state];
}

/** `7 h 04 min`, `12 min 30 s`; `null` for a token that does not count. */
export function timeLeft(token: TokenStatus, now: number): string | null {
  const state = stateNow(token, now);
  if ((state !== 'valid' && state !== 'expiring') || token.expiresAt === null) return null;
  const seconds = Math.ceil((Date.parse(token.expiresAt) - now) / 1_000);
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)];
  const two = (count: number) => String(count).padStart(2, '0');
  return hours > 0 ? `${hours} h ${two(minutes)} min` : `${minutes} min ${two(seconds % 60)} s`;
}

/** Accounts that somebody has to log in before they trade, with what is wrong. */
export function inNeed(
  accounts: readonly Pick<Account, 'id' | 'enabled'>[],
  tokens: readonly TokenStatus[],
  now: number,
): { id: string; why: string }[] {
  return accounts.flatMap(({ id, enabled }) => {
    const token = tokens.find(({ accountId }) => accountId === id);
    if (!enabled || token === undefined) return [];
    const state = stateNow(token, now);
    return state === 'valid' ? [] : [{ id, why: WHY[state] }];
  });
}

const WHY: Record<Exclude<TokenStatus['state'], 'valid'>, string> = {
  none: 'nobody has logged it in today, its orders are held',
  expiring: 'its token ends within half an hour',
  expired: 'its token has ended with its day, its orders are held',
  rejected: 'the broker refused its token, its orders are held',
};

/** The request token in what a person pasted: the token itself, or the whole address the broker led back to. */
export function requestTokenIn(pasted: string): string {
  const text = pasted.trim();
  const query = text.includes('request_token=') ? text.slice(text.indexOf('?') + 1) : '';
  return (new URLSearchParams(query).get('request_token') ?? text).replaceAll(' ', '+');
}
