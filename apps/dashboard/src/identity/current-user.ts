import { toIso, type CurrentUser } from '@tickbridge/contracts';
import { nameOf, type Caller } from '../access/caller';
import { confirmedUntil } from './confirmation';

/** Who calls, as told to themselves. */
export function currentUser(caller: Caller, secondFactorRequired: boolean): CurrentUser {
  const common = { name: nameOf(caller), role: caller.role };
  if (caller.kind !== 'person') {
    return { ...common, sessionExpiresAt: null, secondFactor: 'off', confirmedUntil: null };
  }
  const { session } = caller;
  const until = confirmedUntil(session);
  return {
    ...common,
    sessionExpiresAt: toIso(session.expiresAt),
    secondFactor: session.secondFactor ? 'on' : secondFactorRequired ? 'required' : 'off',
    confirmedUntil: until === undefined ? null : toIso(until),
  };
}
