import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../access/caller';

/** Names a session to other services without telling what it is stored under. */
export function sessionName(request: FastifyRequest): string {
  const caller = callerOf(request);
  if (caller?.kind !== 'person') return 'script';
  return createHash('sha256').update(`broker login ${caller.session.idHash}`).digest('hex');
}
