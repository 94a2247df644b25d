import { isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';
import { ProblemException } from './problem.exception';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '::1'];
const WILDCARDS = new Set(['0.0.0.0', '::']);

/**
 * Names this service may be called by.
 *
 * A page of another site can lead its own name to this address (DNS rebinding) and then read like a page of ours; what
 * it cannot do is send one of these names.
 */
export class AllowedHosts {
  private readonly names: ReadonlySet<string>;
  private readonly anyOwnAddress: boolean;

  /**
   * @param bindAddress bound to every address, the address a connection came in on counts as a name as well
   * @param configured host names without port, of the platform's own settings and of ALLOWED_HOSTS
   */
  constructor(bindAddress: string, configured: readonly string[] = []) {
    this.names = new Set([...LOOPBACK_NAMES, bindAddress, ...configured].map(canonical));
    this.anyOwnAddress = WILDCARDS.has(bindAddress);
  }

  /** Whether the request names a host that is ours. */
  allows({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): boolean {
    const host = hostNameOf(headers.host);
    if (host === undefined) return false;
    if (this.names.has(host)) return true;
    return this.anyOwnAddress && isIP(host) !== 0 && host === unmapped(socket.localAddress);
  }
}

/** The answer to a request under a name that is not ours. */
export function hostRefusal(): ProblemException {
  return new ProblemException(
    421,
    'HOST_NOT_ALLOWED',
    'The Host header names none of the hosts of this service. Call it by its own address, or add the name to ALLOWED_HOSTS.',
  );
}

/** Host name of a `Host` header in canonical form; `undefined` for none and for what is no host. */
export function hostNameOf(header: string | undefined): string | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i.exec(header ?? '');
  return match?.[1] === undefined ? undefined : canonical(match[1]);
}

function canonical(host: string): string {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  // A name with the dot of the root at its end is the same name.
  return bare.length > 1 && bare.endsWith('.') ? bare.slice(0, -1) : bare;
}

function unmapped(address: string | undefined): string | undefined {
  return address?.replace(/^::ffff:(?=\d+\.)/i, '');
}
