import { once } from 'node:events';
import { createConnection, createServer, type Server, type Socket } from 'node:net';

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
}

/**
 * A TCP proxy that breaks on purpose: cuts connections, delays, swallows bytes, or leaves sockets half-open.
 */
export class FaultProxy {
  private readonly pairs = new Set<Pair>();
  private delayMs = 0;
  private swallowing: ((pair: Pair) => boolean) | undefined;
  private refusing = false;
  private swallowed = '';

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async to(targetPort: number): Promise<FaultProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port to be had');
    const proxy = new FaultProxy(server, address.port);
    server.on('connection', (near) => proxy.connect(near, targetPort));
    return proxy;
  }

  get connections(): number {
    return this.pairs.size;
  }

  /** Cuts every connection; new ones are accepted. */
  drop(): void {
    for (const { near, far } of this.pairs) {
      near.destroy();
      far.destroy();
    }
  }

  /** Cuts every connection and accepts no new one until `heal`. */
  refuse(): void {
    this.refusing = true;
    this.drop();
  }

  /** Everything takes this much longer on the way back (milliseconds). */
  delay(delayMs: number): void {
    this.delayMs = delayMs;
  }

  /** Sockets stay open and nothing passes any more, new connections included. */
  blackHole(): void {
    this.swallowing = () => true;
  }

  /** The connections that carried a text from the client so far stay open and mute; the others work. */
  halfOpen(saidByClient: string): void {
    const muted = new Set([...this.pairs].filter((pair) => this.said.get(pair)?.includes(saidByClient)));
    this.swallowing = (pair) => muted.has(pair);
  }

  /** Whether this text was among what was swallowed on the way to the client. */
  hasSwallowed(text: string): boolean {
    return this.swallowed.includes(text);
  }

  heal(): void {
    this.refusing = false;
    this.delayMs = 0;
    this.swallowing = undefined;
  }

  async close(): Promise<void> {
    this.server.close();
    this.drop();
    await once(this.server, 'close');
  }

  private readonly said = new WeakMap<Pair, string>();

  private connect(near: Socket, targetPort: number): void {
    if (this.refusing) {
      near.destroy();
      return;
    }
    const far = createConnection(targetPort, '127.0.0.1');
    const pair = { near, far };
    this.pairs.add(pair);
    near.setNoDelay(true);
    far.setNoDelay(true);
    const pass = (from: Socket, to: Socket, delayed: boolean) => {
      from.on('data', (bytes) => {
        if (!delayed)
          this.said.set(pair, ((this.said.get(pair) ?? '') + bytes.toString('latin1')).slice(-2_048));
        if (this.swallowing?.(pair)) {
          if (delayed) this.swallowed = (this.swallowed + bytes.toString('latin1')).slice(-2_048);
          return;
        }
        if (delayed && this.delayMs > 0) setTimeout(() => to.write(bytes), this.delayMs);
        else to.write(bytes);
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.pairs.delete(pair);
        to.destroy();
      });
    };
    pass(near, far, false);
    pass(far, near, true);
  }
}
