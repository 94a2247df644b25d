import type { Session } from '@tickbridge/shared-cache';

/** A proof of identity counts this long (ms). */
export const CONFIRMATION_MS = 5 * 60_000;

/** Until when the session's proof of identity counts (ms since 1970); `undefined` when it does no more. */
export function confirmedUntil(session: Session, now = Date.now()): number | undefined {
  const until = (session.confirmedAt ?? 0) + CONFIRMATION_MS;
  return until > now ? until : undefined;
}

/** Whether whoever uses the session has lately proved who they are. */
export function isFresh(session: Session, now = Date.now()): boolean {
  return confirmedUntil(session, now) !== undefined;
}
