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
  const token = bearerOf(request);
  if (token === undefined) return false;
  // Equal-length digests, so the comparison takes the same time whatever came.
  return timingSafeEqual(digest(token), digest(key));
}

/** What the request carries as `Authorization: Bearer …`; `undefined` for none. */
export function bearerOf({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const [scheme, token] = (headers.authorization ?? '').split(' ', 2);
  return scheme?.toLowerCase() === 'bearer' && token ? token : undefined;
}

const serviceCalls = new WeakSet<object>();

/**
 * Whether another service makes this call, and may say for whom it does. Scripts with the internal key act in their own
 * name.
 */
export function isServiceCall(request: FastifyRequest): boolean {
  return serviceCalls.has(request.raw);
}

/**
 * Access rule of the services behind the dashboard: on loopback reads are open and writes need the internal
 * key, or the services' own; bound to any other address every call needs one of them.
 */
export function internalAccess(bindAddress: string, internalApiKey: string, serviceKey: string): AccessCheck {
  const readsOpen = isLoopback(bindAddress);
  return (request) => {
    if (carriesKey(request, serviceKey)) {
      serviceCalls.add(request.raw);
      return;
    }
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
