import type { FastifyRequest } from 'fastify';
import { asObject } from './as-object';
import { callerName, callerOf } from '../access/caller';

/**
 * The request's body under the name of whoever is signed in: who did it is not the browser's to say. A script says it
 * itself.
 */
export function signed(request: FastifyRequest): unknown {
  if (callerOf(request)?.kind !== 'person') return request.body;
  return { ...asObject(request.body), by: callerName(request) };
}
