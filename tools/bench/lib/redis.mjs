import { spawn } from 'node:child_process';
import { createConnection } from 'node:net';
import { ended, freePort, stopChild, until, withParent } from '../../lib/processes.mjs';

/** Address and password of a server, as client libraries take them. */
export function addressOf(url) {
  const { hostname, port, password } = new URL(url);
  return { url, host: hostname, port: Number(port), ...(password && { password }) };
}

/** A Redis that can be killed and started again on the same port; it forgets everything when it dies. */
export class MortalRedis {
  #child;

  constructor(program, port) {
    this.program = program;
    this.address = addressOf(`redis://127.0.0.1:${port}`);
  }

  static async start(program) {
    const server = new MortalRedis(program, await freePort());
    await server.start();
    return server;
  }

  /** Resolves when it answers. */
  async start() {
    const settings = ['--bind', '127.0.0.1', '--port', String(this.address.port), '--save', ''];
    const [command, args] = withParent(this.program, [...settings, '--appendonly', 'no'], 'TERM');
    const child = spawn(command, args, { stdio: 'ignore' });
    this.#child = child;
    await until(
      () => {
        if (ended(child)) throw new Error(`Redis ended at start on port ${this.address.port}`);
        return answers(this.address.port);
      },
      { what: 'Redis answering', everyMs: 2 },
    );
  }

  kill() {
    return stopChild(this.#child, 'SIGKILL');
  }

  stop() {
    return stopChild(this.#child);
  }
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    const end = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(200, () => end(false));
    socket.once('error', () => end(false));
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (chunk) => end(chunk.toString().startsWith('+PONG')));
  });
}
