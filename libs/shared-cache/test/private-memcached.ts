import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { waitFor } from '../src/testing';
import { freePort } from './free-port';

/** Given by the test runner (`npm test`, `node tools/test.mjs --project libs/shared-cache`): host and port. */
export function sharedMemcached(): { host: string; port: number } {
  const address = process.env['TEST_MEMCACHED'];
  if (!address) throw new Error('TEST_MEMCACHED is missing: run the tests through tools/test.mjs');
  const [host = '', port] = address.split(':');
  return { host, port: Number(port) };
}

/** A Memcached server of a test's own, to be killed, paused and started again. */
export class PrivateMemcached {
  private child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly options: readonly string[],
  ) {}

  /** @param options of the program, such as `-m`, `1` */
  static async start(...options: string[]): Promise<PrivateMemcached> {
    const server = new PrivateMemcached(await freePort(), options);
    await server.start();
    return server;
  }

  get address(): { host: string; port: number } {
    return { host: '127.0.0.1', port: this.port };
  }

  /** Starts the server, empty, on the same port as before. */
  async start(): Promise<void> {
    // As root it asks for a user to become.
    const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
    const args = ['-l', '127.0.0.1', '-p', String(this.port), ...user, ...this.options];
    this.child = spawn('memcached', args, { stdio: 'ignore' });
    // Nothing but a missing program; the wait below then tells.
    this.child.once('error', () => (this.child = undefined));
    await waitFor(() => this.tell('version\r\n'));
  }

  /** Speaks the text protocol, as a foreign client would. @returns the first answer */
  async tell(line: string): Promise<string> {
    const socket = connect(this.port, '127.0.0.1').setNoDelay(true);
    socket.write(line, 'latin1');
    try {
      const [answer] = (await once(socket, 'data')) as [Buffer];
      return answer.toString('latin1');
    } finally {
      socket.destroy();
    }
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
    this.resume();
    await this.kill();
  }
}
