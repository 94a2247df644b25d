import type { Session } from '@tickbridge/shared-cache';
import type { FastifyRequest } from 'fastify';

/** Who a request comes from: a person with a session, or a script with the internal key. */
export type Caller = { kind: 'person'; session: Session } | { kind: 'script' };

const callers = new WeakMap<object, Caller>();

/** Notes who was recognised; done once, by the access check. */
export function noteCaller(request: FastifyRequest, caller: Caller): void {
  callers.set(request.raw, caller);
}

/** Who the access check recognised; `undefined` on pages that need no sign-in. */
export function callerOf(request: FastifyRequest): Caller | undefined {
  return callers.get(request.raw);
}

const unchecked = new WeakSet<object>();

/** Notes that a page was asked for with a session nobody can check at the moment. */
export function noteUnchecked(request: FastifyRequest): void {
  unchecked.add(request.raw);
}

/** Whether the session of this request could not be checked; such a request sees nothing but the reason. */
export function isUnchecked(request: FastifyRequest): boolean {
  return unchecked.has(request.raw);
}

/** Name for the audit trail. */
export function callerName(request: FastifyRequest): string {
  const caller = callerOf(request);
  return caller?.kind === 'person' ? caller.session.userName : 'script';
}
