import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Redis, type RedisOptions } from 'ioredis';
import { waitFor } from './wait-for';

/**
 * A Redis server of a test's own, to be killed, paused and started again. It keeps nothing on disk.
 */
export class PrivateRedis {
  private child: ChildProcess | undefined;
  private foreign_: Redis | undefined;

  private constructor(
    private readonly program: string,
    readonly port: number,
  ) {}

  /** @param program path of redis-server or valkey-server */
  static async start(program: string): Promise<PrivateRedis> {
    const server = new PrivateRedis(program, await freePort());
    await server.start();
    return server;
  }

  get options(): RedisOptions {
    return { host: '127.0.0.1', port: this.port };
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** A client that is none of the platform's. */
  get foreign(): Redis {
    this.foreign_ ??= new Redis({ ...this.options, disconnectTimeout: 100, retryStrategy: () => 50 }).on(
      'error',
      () => undefined,
    );
    return this.foreign_;
  }

  /** Starts the server, empty, on the same port as before. */
  async start(): Promise<void> {
    this.child = spawn(
      this.program,
      ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
      { stdio: 'ignore' },
    );
    const probe = new Redis({
      ...this.options,
      lazyConnect: true,
      retryStrategy: () => 20,
      maxRetriesPerRequest: null,
    });
    probe.on('error', () => undefined);
    await waitFor(() => probe.ping());
    probe.disconnect();
  }

  /** Ends the server at once, as a crash would. */
  async kill(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** The server stays there and stops answering. */
  pause(): void {
    this.child?.kill('SIGSTOP');
  }

  resume(): void {
    this.child?.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    this.foreign_?.disconnect();
    this.resume();
    await this.kill();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port to be had');
  return address.port;
}
