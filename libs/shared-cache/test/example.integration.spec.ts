import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type PrivateRedis, waitFor } from '../src/testing';
import { startRedis } from './harness';

const WORKSPACE = join(__dirname, '../../..');
const EXAMPLE = join(WORKSPACE, 'docs/shared-cache/example/main.ts');

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

describe('the example', () => {
  let redis: PrivateRedis;
  let processes: { child: ChildProcess; url: string }[];

  beforeAll(async () => {
    redis = await startRedis();
    processes = await Promise.all(
      [1, 2].map(async () => {
        const port = await freePort();
        const child = fork(EXAMPLE, [String(redis.port), String(port)], {
          cwd: WORKSPACE,
          execArgv: ['-r', '@swc-node/register'],
          env: { ...process.env, TS_NODE_PROJECT: join(WORKSPACE, 'tsconfig.base.json') },
          stdio: 'ignore',
        });
        return { child, url: `http://127.0.0.1:${port}/quotes/INFY` };
      }),
    );
    await Promise.all(processes.map(({ url }) => waitFor(() => fetch(url), { timeoutMs: 40_000 })));
  }, 60_000);

  afterAll(async () => {
    await Promise.all(
      processes.map(async ({ child }) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill('SIGKILL');
        await once(child, 'exit');
      }),
    );
    await redis.stop();
  });

  it('gives two processes the same answer', async () => {
    const answers = await Promise.all(processes.map(async ({ url }) => (await fetch(url)).json()));
    expect(answers[0]).toMatchObject({ symbol: 'INFY', at: expect.any(String) });
    expect(answers[1]).toEqual(answers[0]);
  });

  it('ends when it is told to', async () => {
    const { child } = processes[0] as { child: ChildProcess };
    child.kill('SIGTERM');
    await once(child, 'exit');
  });

  it('is short', async () => {
    const lines = (await readFile(EXAMPLE, 'utf8')).split('\n').filter((line) => line.trim() !== '');
    expect(lines.length).toBeLessThanOrEqual(30);
  });
});
