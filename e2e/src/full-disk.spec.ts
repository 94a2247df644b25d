import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFile, mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Account, Order } from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import { Platform, type ServiceName } from './platform';

/** Room for the platform and a little more (megabytes). */
const DISK_MB = 220;
const PAGE_BYTES = 4096;
const SERVICES: ServiceName[] = [
  'market-data',
  'orchestrator',
  'risk-manager',
  'dashboard',
  'feed-simulator',
];

describe('the disk of the data folder becomes full', () => {
  let disk: string;
  let platform: Platform;

  const order = () =>
    platform.call<{ id: string; code?: string }>('orchestrator', 'POST', '/api/v1/orders', {
      requestId: randomUUID(),
      accountId: 'PAPER_TRADER_001',
      symbol: 'RELIANCE',
      side: 'BUY',
      type: 'MARKET',
      quantity: 1,
      repeat: true,
      by: 'mira',
      reason: 'x'.repeat(400),
    });
  const fill = () =>
    spawnSync('dd', ['if=/dev/zero', `of=${disk}/filler`, 'bs=4k', 'oflag=append', 'conv=notrunc']);

  beforeAll(async () => {
    disk = await mkdtemp(join(tmpdir(), 'tickbridge-disk-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m,mode=0700`, 'tmpfs', disk]);
    platform = await Platform.start({ DATA_DIR: join(disk, 'data'), LOG_LEVEL: 'debug' });
    await waitFor(async () => {
      const { body } = await platform.get<Account[]>('orchestrator', '/api/v1/accounts');
      return body[0]?.trading.state === 'trading';
    });
    await waitFor(async () => (await order()).status === 201, { timeoutMs: 60_000 });
  }, 120_000);

  afterAll(async () => {
    await platform?.dispose();
    execFileSync('umount', ['--lazy', disk]);
    await rm(disk, { recursive: true, force: true });
  });

  it('orders are refused with a reason, and no process ends or hangs', async () => {
    const pids = processes(platform);
    await useUpPages(join(disk, 'data/logs'));
    fill();
    const refused = await waitFor(
      async () => {
        fill();
        const answers = await Promise.all(Array.from({ length: 10 }, order));
        return answers.find(({ status }) => status !== 201);
      },
      { timeoutMs: 120_000, everyMs: 50 },
    );
    expect(refused).toMatchObject({
      status: expect.any(Number),
      body: { code: expect.stringMatching(/^DATABASE_(FULL|UNAVAILABLE)$/) },
    });
    expect([503, 507]).toContain(refused.status);
    for (const service of SERVICES)
      expect((await platform.get<{ status: string }>(service, '/health/live')).body.status).toBe('up');
    // Live data go on meanwhile.
    const { body } = await platform.get<{ ageMs: number }>('dashboard', '/api/v1/market-data');
    expect(body.ageMs).toBeLessThan(5_000);
    expect(platform.exitCode).toBeNull();
    expect(processes(platform)).toEqual(pids);
  }, 180_000);

  it('everything resumes when there is room, and the log says what it lacks', async () => {
    const pids = processes(platform);
    const before = platform.output.length;
    await rm(join(disk, 'filler'));
    const { body } = await waitFor(
      async () => {
        const answer = await order();
        return answer.status === 201 && answer;
      },
      { timeoutMs: 60_000, everyMs: 250 },
    );
    await waitFor(async () => {
      const { body: now } = await platform.get<Order>('orchestrator', `/api/v1/orders/${body.id}`);
      return now.status === 'Filled';
    });
    await waitFor(() => /lines of \S+'s log were dropped \(ENOSPC\)/.test(platform.output.slice(before)), {
      timeoutMs: 30_000,
    });
    const told = /lines of (\S+)'s log/.exec(platform.output)?.[1] as ServiceName;
    const log = await readFile(join(disk, 'data/logs', `${told}.log`), 'utf8');
    expect(log).toMatch(/"dropped":\d+,"reason":"ENOSPC"/);
    expect(processes(platform)).toEqual(pids);
  }, 120_000);
});

/** Adds to each log until the next line needs room on the disk: what a file has begun it may go on to fill. */
async function useUpPages(logs: string): Promise<void> {
  for (const name of await readdir(logs)) {
    const { size } = await stat(join(logs, name));
    await appendFile(join(logs, name), `${' '.repeat(PAGE_BYTES - (size % PAGE_BYTES) - 1)}\n`);
  }
}

/** The services' process ids. */
function processes(platform: Platform): string[] {
  return execFileSync('pgrep', ['--parent', String(platform.pid), '--full', 'main.mjs'])
    .toString()
    .trim()
    .split('\n')
    .sort();
}
