import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { WORKSPACE } from './platform';

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

  it('takes every image by its digest, so that a tag that is moved changes nothing', () => {
    const others = services.filter(([, service]) => !service.build).map(([, { image }]) => image);
    const bases = [...read('Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
    expect(others.length + bases.length).toBeGreaterThan(5);
    for (const image of [...others, ...bases])
      expect(image).toMatch(/^[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}$/);
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
