import type { FastifyRequest } from 'fastify';
import { callerName } from '../access/caller';
import { asObject } from './as-object';

/** The request's body under the name of whoever was recognised: who did it is not the body's to say. */
export function withCallerName(request: FastifyRequest): unknown {
  return { ...asObject(request.body), by: callerName(request) };
}
