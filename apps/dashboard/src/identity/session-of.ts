import { ProblemException } from '@tickbridge/service-bootstrap';
import type { Session } from '@tickbridge/shared-cache';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../access/caller';

/** The session of a person. @throws ProblemException 400 for scripts, which have none */
export function sessionOf(request: FastifyRequest): Session {
  const caller = callerOf(request);
  if (caller?.kind === 'person') return caller.session;
  throw new ProblemException(400, 'NO_SESSION', 'A key has no session; this is for people who signed in.');
}
