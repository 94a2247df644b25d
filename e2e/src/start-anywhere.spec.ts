import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Order } from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import { Clone } from './clone';
import { Platform } from './platform';

interface Place {
  name: string;
  mode: number;
  ordinary?: boolean;
}

describe.each<[string, Place]>([
  ['a folder that only root may enter', { name: 'tickbridge', mode: 0o700 }],
  [
    "an ordinary user's folder with spaces and letters of all kinds",
    { name: 'Händel & Söhne/tick bridge ₹', mode: 0o700, ordinary: true },
  ],
])('a clone in %s', (_, place) => {
  let clone: Clone;
  let platform: Platform | undefined;

  beforeAll(async () => {
    clone = await Clone.make(place.name, place.mode, place);
  }, 120_000);

  afterAll(async () => {
    await platform?.dispose();
    await clone?.remove();
  });

  it('starts and trades', async () => {
    platform = await Platform.start(
      { HOME: clone.home, TMPDIR: clone.home },
      { workspace: clone.workspace, runAs: clone.runAs },
    );
    const filled = await waitFor(
      async () => (await platform?.get<Order[]>('orchestrator', '/api/v1/orders?status=Filled'))?.body[0],
      { timeoutMs: 60_000, everyMs: 250 },
    );
    expect(filled.averagePrice).toBeGreaterThan(0);
    await platform.stop();
  });

  it('tests itself', async () => {
    const [command = '', ...args] = [
      ...clone.runAs,
      ...[process.execPath, 'tools/test.mjs', '--project', 'libs/database', 'transactions'],
    ];
    const child = spawn(command, args, {
      cwd: clone.workspace,
      env: { PATH: process.env['PATH'], HOME: clone.home, TMPDIR: clone.home },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [status] = (await once(child, 'exit')) as [number];
    expect([status, output]).toEqual([0, expect.stringMatching(/libs\/database: [1-9]\d* passed, 0 failed/)]);
  });
});
