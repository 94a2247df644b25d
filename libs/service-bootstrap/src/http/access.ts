import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { ProblemException } from './problem.exception';

/** Decides before anything else runs whether a request may go on; refuses by throwing. */
export type AccessCheck = (request: FastifyRequest) => Promise<void> | void;

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);
const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

/** Whether an address can only be reached from this machine. */
export function isLoopback(address: string): boolean {
  return LOOPBACK.test(address);
}

/** Whether the request carries `Authorization: Bearer <key>`. */
export function carriesKey(request: Pick<FastifyRequest, 'headers'>, key: string): boolean {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ', 2);
  if (scheme?.toLowerCase() !== 'bearer' || !token) return false;
  // Equal-length digests, so the comparison takes the same time whatever came.
  return timingSafeEqual(digest(token), digest(key));
}

/**
 * Access rule of the services behind the dashboard: on loopback reads are open and writes need the internal
 * key; bound to any other address every call needs it.
 */
export function internalAccess(bindAddress: string, internalApiKey: string): AccessCheck {
  const readsOpen = isLoopback(bindAddress);
  return (request) => {
    if (readsOpen && READS.has(request.method)) return;
    if (carriesKey(request, internalApiKey)) return;
    throw new ProblemException(
      401,
      'INTERNAL_KEY_REQUIRED',
      'This call needs the header Authorization: Bearer <INTERNAL_API_KEY>.',
      undefined,
      { 'www-authenticate': 'Bearer realm="tickbridge"' },
    );
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
