import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '@tickbridge/shared-cache/testing';
import { Redis } from 'ioredis';
import { parse } from 'yaml';
import { requiredVariable, WORKSPACE } from './platform';

const DOCKER = join(WORKSPACE, 'docker');
const read = (name: string) => readFileSync(join(DOCKER, name), 'utf8');

interface ComposeService {
  build?: { context: string; dockerfile: string };
  image?: string;
  command?: string[];
  environment?: Record<string, string | number>;
  volumes?: string[];
  networks?: string[];
  ports?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: object;
}
interface Compose {
  services: Record<string, ComposeService>;
  networks: Record<string, { internal?: boolean }>;
  volumes: Record<string, object>;
}

describe('docker/compose.yml', () => {
  const compose = parse(read('compose.yml'), { merge: true }) as Compose;
  const services = Object.entries(compose.services);
  const own = services.filter(([, service]) => service.build);

  it('runs every service of the platform beside Redis, PostgreSQL and Memcached', () => {
    expect(Object.keys(compose.services)).toEqual(
      expect.arrayContaining([
        'market-data',
        'risk-manager',
        'orchestrator',
        'dashboard',
        'redis',
        'postgres',
        'memcached',
      ]),
    );
    expect(compose.services['redis']?.image).toMatch(/^redis:7\./);
  });

  it('starts bundles that the build makes, from a Dockerfile whose sources exist', () => {
    for (const [name, service] of own) {
      expect(service.command?.at(-1)).toBe(`dist/apps/${name}/main.mjs`);
      expect(existsSync(join(WORKSPACE, 'apps', name, 'src/main.ts'))).toBe(true);
      expect(existsSync(join(DOCKER, service.build?.context ?? '', service.build?.dockerfile ?? ''))).toBe(
        true,
      );
    }
    const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
      ([, list]) => list?.split(' ') ?? [],
    );
    expect(copied.length).toBeGreaterThan(5);
    for (const source of copied)
      expect([source, existsSync(join(WORKSPACE, source))]).toEqual([source, true]);
  });

  it('names an exact version of every image it takes from elsewhere', () => {
    const bases = [...read('Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, image]) => image ?? '');
    const images = services.flatMap(([, { build, image }]) => (image && !build ? [image] : []));
    expect(bases.length + images.length).toBeGreaterThan(4);
    // The one that makes certificates runs once, by hand, and keeps nothing.
    for (const image of [...bases, ...images].filter((each) => !each.startsWith('alpine/openssl:')))
      expect(image).toMatch(/:\d+\.\d+(\.\d+)?(-\S+)?(@sha256:[0-9a-f]{64})?$/);
  });

  it('mounts files, volumes and networks that exist', () => {
    for (const [, service] of services) {
      for (const mount of service.volumes ?? []) {
        const [source = ''] = mount.split(':');
        if (source === './backups') continue;
        const known = source.startsWith('.') ? existsSync(join(DOCKER, source)) : source in compose.volumes;
        expect([source, known]).toEqual([source, true]);
      }
      for (const network of service.networks ?? []) expect(Object.keys(compose.networks)).toContain(network);
      for (const needed of Object.keys(service.depends_on ?? {}))
        expect(Object.keys(compose.services)).toContain(needed);
    }
  });

  it('publishes the dashboard alone and keeps the servers in a network without a way out', () => {
    expect(services.filter(([, service]) => service.ports).map(([name]) => name)).toEqual(['dashboard']);
    for (const name of ['redis', 'postgres', 'memcached'])
      expect(compose.services[name]?.networks).toEqual(['inside']);
    expect(compose.networks['inside']?.internal).toBe(true);
  });

  it('waits for servers that prove to be healthy', () => {
    for (const name of ['redis', 'postgres', 'memcached'])
      expect(compose.services[name]?.healthcheck).toBeDefined();
    for (const [, service] of own) {
      expect(
        Object.values(service.depends_on ?? {}).every(({ condition }) => condition === 'service_healthy'),
      ).toBe(true);
    }
  });

  it('uses only variables the environment template explains', () => {
    const template = read('production.env.example');
    const used = new Set([...read('compose.yml').matchAll(/(?<!\$)\$\{([A-Z_]+)/g)].map(([, name]) => name));
    expect(used.size).toBeGreaterThan(8);
    for (const name of used)
      expect([name, new RegExp(`^#? ?${name}=`, 'm').test(template)]).toEqual([name, true]);
  });
});

describe('docker/redis.conf with the access list', () => {
  let directory: string;
  let stop: () => Promise<void>;
  let port: number;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tickbridge-redis-'));
    const list = /<<ACL\n([\s\S]*?)\nACL/.exec(read('redis-entrypoint.sh'))?.[1] ?? '';
    const users = list
      .replace('${REDIS_PASSWORD}', 'platform')
      .replace('${REDIS_OPERATOR_PASSWORD}', 'operator');
    await writeFile(join(directory, 'users.acl'), `${users}\n`);
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    port = (probe.address() as { port: number }).port;
    await new Promise((closed) => probe.close(closed));
    const server = spawn(
      requiredVariable('TEST_REDIS_PROGRAM'),
      [
        join(DOCKER, 'redis.conf'),
        ...[
          '--dir',
          directory,
          '--aclfile',
          join(directory, 'users.acl'),
          '--port',
          String(port),
          '--bind',
          '127.0.0.1',
        ],
      ],
      { stdio: 'ignore' },
    );
    stop = async () => {
      server.kill('SIGTERM');
      await once(server, 'exit');
    };
  });

  afterAll(async () => {
    await stop();
    await rm(directory, { recursive: true, force: true });
  });

  const client = (username: string, password: string) =>
    new Redis({
      host: '127.0.0.1',
      port,
      username,
      password,
      maxRetriesPerRequest: 50,
      retryStrategy: () => 50,
    }).on('error', () => undefined);

  it('has the limits of the mission', async () => {
    const operator = client('operator', 'operator');
    const settings = async (name: string) => ((await operator.config('GET', name)) as string[])[1];
    expect(await waitFor(() => settings('maxmemory'))).toBe(String(2 * 1024 ** 3));
    expect(await settings('maxmemory-policy')).toBe('allkeys-lru');
    expect(await settings('appendonly')).toBe('yes');
    operator.disconnect();
  });

  it('lets the platform do what it does, and nothing that endangers the server', async () => {
    const platform = client('tickbridge', 'platform');
    await waitFor(() => platform.ping());
    await expect(platform.set('cache:x', '1', 'PX', 1_000)).resolves.toBe('OK');
    await expect(platform.info()).resolves.toContain('used_memory');
    await expect(platform.call('SLOWLOG', 'GET', '5')).resolves.toBeDefined();
    await expect(platform.eval('return redis.call("XLEN", KEYS[1])', 1, 'signals:recent')).resolves.toBe(0);
    await expect(platform.call('CLIENT', 'TRACKING', 'OFF')).resolves.toBe('OK');
    for (const command of [['FLUSHALL'], ['KEYS', '*'], ['CONFIG', 'GET', '*'], ['SHUTDOWN', 'NOSAVE']]) {
      await expect(platform.call(...(command as [string]))).rejects.toThrow(/NOPERM/);
    }
    platform.disconnect();
  });

  it('lets nobody in without a password', async () => {
    const stranger = new Redis({ host: '127.0.0.1', port, retryStrategy: () => null }).on(
      'error',
      () => undefined,
    );
    await expect(stranger.ping()).rejects.toThrow(/NOAUTH/);
    stranger.disconnect();
  });
});
