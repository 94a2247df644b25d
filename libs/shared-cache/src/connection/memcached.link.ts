import type { Socket } from 'node:net';
import { Client, type Response, Server, Utils } from 'memjs';
import type { MemcachedAddress } from '../contract/shared-cache.options';

const VERSION = 0x0b;

/**
 * memjs counts on beyond what a signed number holds (2^31) and fails every operation from then on: a new client
 * begins at zero on the same connection before that.
 */
const LAST_SEQUENCE = 2 ** 30;

/** Longer than anybody here waits (seconds): the owner ends a link, memjs' own timers only half-close it. */
const LIBRARY_TIMEOUT_S = 10;

/**
 * One connection to Memcached through memjs.
 *
 * memjs connects again by itself, on state of the old connection: half an answer left in its buffer garbles all that
 * follow, the old socket's end forgets the new socket, and operations under way when the server closes are never
 * answered. So a link is used for one connection only: when anything goes wrong it ends for good, everything under
 * way fails at once, and its owner makes a new one.
 */
export class MemcachedLink {
  private readonly server: WatchedServer;
  private client: Client;
  private ended: Error | undefined;

  /** @param onEnd told once, with the reason */
  constructor(
    address: MemcachedAddress,
    private readonly onEnd: (reason: Error) => void,
  ) {
    this.server = new WatchedServer(address, () => this.end(new Error('connection closed')));
    this.client = clientOf(this.server);
  }

  async get(key: string): Promise<Buffer | undefined> {
    const { value } = await this.ask((client) => client.get(key));
    return value ?? undefined;
  }

  async set(key: string, bytes: Buffer, expires: number): Promise<void> {
    await this.ask((client) => client.set(key, bytes, { expires }));
  }

  async delete(key: string): Promise<void> {
    await this.ask((client) => client.delete(key));
  }

  version(): Promise<string> {
    return this.ask(
      (client) =>
        new Promise((resolve, reject) => {
          client.incrSeq();
          const request = Utils.makeRequestBuffer(VERSION, '', '', '', client.seq);
          client.perform('', request, client.seq, (error: Error | null, response: Response) =>
            error ? reject(error) : resolve(response.val.toString()),
          );
        }),
    );
  }

  /** The server's own figures by Memcached's names. */
  stats(): Promise<Record<string, string>> {
    return this.ask(
      (client) =>
        new Promise((resolve, reject) => {
          client.stats((error, _server, figures) => (error ? reject(error) : resolve(figures ?? {})));
        }),
    );
  }

  end(reason: Error): void {
    if (this.ended) return;
    this.ended = reason;
    this.server.end(reason);
    this.onEnd(reason);
  }

  private async ask<T>(question: (client: Client) => Promise<T>): Promise<T> {
    if (this.ended) throw this.ended;
    if (this.client.seq >= LAST_SEQUENCE) this.client = clientOf(this.server);
    try {
      return await question(this.client);
    } catch (error) {
      if (!isRefusal(error)) this.end(error as Error);
      throw error;
    }
  }
}

/** Memcached answered, but did not do what was asked (value too large, out of memory). */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && /^MemJS [A-Z]+/.test(error.message);
}

/** A memjs server that tells when its socket closed, and lets go of it for good. */
class WatchedServer extends Server {
  /** memjs' socket, of which it tells nobody. */
  declare private readonly _socket: Socket | undefined;
  private watched: Socket | undefined;

  constructor(
    { host, port }: MemcachedAddress,
    private readonly closed: () => void,
  ) {
    super(host, port, undefined, undefined, {
      timeout: LIBRARY_TIMEOUT_S,
      conntimeout: LIBRARY_TIMEOUT_S,
    });
    // Otherwise taken from the environment (MEMCACHE_USERNAME), which only an app's configuration may read.
    Object.assign(this, { username: undefined, password: undefined });
  }

  override sock(sasl: boolean, go: (socket: Socket) => void): void {
    super.sock(sasl, go);
    const socket = this._socket;
    if (socket === undefined || this.watched !== undefined) return;
    this.watched = socket;
    socket.setNoDelay(true);
    socket.once('close', () => this.closed());
  }

  end(reason: Error): void {
    this.error(reason);
    this.watched?.destroy();
  }
}

function clientOf(server: Server): Client {
  // No second try and no other server: the caller has long gone on. What went wrong is told by the connection.
  return new Client([server], { retries: 1, failover: false, logger: { log: () => undefined } });
}
