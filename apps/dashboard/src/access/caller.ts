import { roleReaches, roleSchema, type Role } from '@tickbridge/contracts';
import type { Session } from '@tickbridge/shared-cache';
import type { FastifyRequest } from 'fastify';

/** Who a request comes from: a person with a session, a script with a key of its own, or one with the internal key. */
export type Caller =
  | { kind: 'person'; session: Session; role: Role }
  | { kind: 'key'; id: string; name: string; role: Role }
  | { kind: 'internal-key'; role: Role };

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

/** Name for the audit trail: never what a header or body says. */
export function callerName(request: FastifyRequest): string {
  const caller = callerOf(request);
  return caller === undefined ? 'nobody' : nameOf(caller);
}

export function nameOf(caller: Caller): string {
  switch (caller.kind) {
    case 'person':
      return caller.session.userName;
    case 'key':
      return `key:${caller.name}`;
    case 'internal-key':
      return 'internal-key';
  }
}

/** What a live stream is closed by: its session or key. `null` for the internal key, which never ends. */
export function streamOwner(caller: Caller | undefined): string | null {
  if (caller?.kind === 'person') return caller.session.idHash;
  return caller?.kind === 'key' ? `key:${caller.id}` : null;
}

/** Whether the caller may do what needs at least this role. */
export function mayAct(caller: Caller, least: Role): boolean {
  return roleReaches(caller.role, least);
}

/** What cannot be read gives no right beyond looking. */
export function roleOf(stored: string | undefined): Role {
  return roleSchema.safeParse(stored).data ?? 'viewer';
}
