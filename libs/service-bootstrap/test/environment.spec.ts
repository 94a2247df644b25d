import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { z } from 'zod';
import {
  bridgeEnvironment,
  bridgeUrls,
  ConfigurationError,
  contradictingRedisSettings,
  databaseEnvironment,
  feedEnvironment,
  parseEnvironment,
  PLATFORM_VARIABLES,
  redisEnvironment,
  redisOptions,
  serviceEnvironment,
} from '../src';

const variables = z.object({
  ...serviceEnvironment,
  ...redisEnvironment,
  ...databaseEnvironment,
  ...feedEnvironment,
  ...bridgeEnvironment,
});
const schema = variables.superRefine(contradictingRedisSettings);
const redis = (env: Record<string, string>) => redisOptions(parseEnvironment(schema, env));

describe('environment', () => {
  it('needs nothing: every variable has a default or may be absent', () => {
    const env = parseEnvironment(schema, {});
    expect(env).toMatchObject({
      BIND_ADDRESS: '127.0.0.1',
      FEED: ['simulator'],
      LOG_LEVEL: 'info',
      DASHBOARD_PORT: 8002,
    });
    expect(Object.isFrozen(env)).toBe(true);
    expect(bridgeUrls(env)).toEqual({
      marketData: 'http://127.0.0.1:8001',
      orchestrator: 'http://127.0.0.1:8003',
      riskManager: 'http://127.0.0.1:8004',
    });
  });

  it('takes an empty variable for an absent one', () => {
    expect(parseEnvironment(schema, { FEED: '', MARKET_DATA_PORT: ' ' })).toMatchObject({
      MARKET_DATA_PORT: 8001,
    });
  });

  it('names every wrong variable at once, and never a value', () => {
    const env = {
      LOG_LEVEL: 'secret-1',
      DATABASE_URL: 'mysql://root:secret-2@db',
      REDIS_URL: 'secret-3',
      MARKET_DATA_PORT: 'secret-4',
      REDIS_TLS: 'secret-5',
      FEED: 'secret-6',
      INTERNAL_API_KEY: 'secret-7',
      MARKET_DATA_HTTP_URL: 'ftp://secret-8',
    };
    const failure = (() => {
      try {
        return parseEnvironment(schema, env);
      } catch (error) {
        return error as ConfigurationError;
      }
    })() as ConfigurationError;
    expect(failure).toBeInstanceOf(ConfigurationError);
    expect(failure.problems.map(({ variable }) => variable).sort()).toEqual(Object.keys(env).sort());
    expect(failure.message).not.toContain('secret-');
  });

  it('never throws anything but a ConfigurationError, whatever a variable holds', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(variables.shape)), fc.string(), (name, value) => {
        try {
          parseEnvironment(schema, { [name]: value });
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigurationError);
        }
      }),
    );
  });
});

describe('Redis settings', () => {
  it('are absent when nothing is set', () => {
    expect(redis({})).toBeUndefined();
  });

  it('come from an address, with decoded credentials, database and TLS', () => {
    expect(redis({ REDIS_URL: 'rediss://user:p%40ss@cache.example.com:6380/3' })).toEqual({
      host: 'cache.example.com',
      port: 6380,
      username: 'user',
      password: 'p@ss',
      db: 3,
      tls: { servername: 'cache.example.com' },
    });
    expect(redis({ REDIS_URL: 'redis://[::1]' })).toEqual({ host: '::1', port: 6379, db: 0 });
  });

  it('come from separate variables', () => {
    expect(
      redis({
        REDIS_HOST: 'cache',
        REDIS_PORT: '6390',
        REDIS_PASSWORD: 'x',
        REDIS_DB: '2',
        REDIS_TLS: 'true',
      }),
    ).toEqual({
      host: 'cache',
      port: 6390,
      password: 'x',
      db: 2,
      tls: { servername: 'cache' },
    });
  });

  it('come from Sentinel', () => {
    expect(redis({ REDIS_SENTINELS: 's1:26380, s2', REDIS_SENTINEL_NAME: 'main' })).toEqual({
      name: 'main',
      sentinels: [
        { host: 's1', port: 26_380 },
        { host: 's2', port: 26_379 },
      ],
      db: 0,
    });
  });

  it.each<[string, object]>([
    ['redis://:100%safe@h', { password: '100%safe' }],
    ['redis://:50%25off@h', { password: '50%off' }],
    ['redis://:p@ss@h:6380', { host: 'h', port: 6380, password: 'p@ss' }],
    ['redis://h?db=2', { db: 2 }],
    ['redis://h/2?db=2', { db: 2 }],
    ['redis://h?password=x&username=u', { username: 'u', password: 'x' }],
    ['REDIS://H', { host: 'H' }],
    ['redis://[::1]:6380/1', { host: '::1', port: 6380, db: 1 }],
    ['unix:///run/redis.sock?db=3', { path: '/run/redis.sock', db: 3 }],
    ['redis+unix:///run/redis.sock?password=secret', { path: '/run/redis.sock', password: 'secret' }],
  ])('come from the address %s', (url, options) => {
    expect(redis({ REDIS_URL: url })).toMatchObject(options);
  });

  it.each([
    'redis://h/abc',
    'redis://h/1/2',
    'redis://h?db=abc',
    'redis://h/1?db=2',
    'redis://h?timeout=5',
    'redis://',
    'redis://h:0',
    'redis://h:99999',
    'redis://:p#ss@h',
    'unix://',
    'unix://host/run/redis.sock',
    'http://h',
    'h:6379',
  ])('name REDIS_URL where it is %s', (url) => {
    expect(() => redis({ REDIS_URL: url })).toThrow(/REDIS_URL: (expected|has)/);
  });

  it('fill up an address with what it leaves out', () => {
    expect(
      redis({ REDIS_URL: 'redis://h', REDIS_PASSWORD: 'x', REDIS_USERNAME: 'u', REDIS_DB: '4' }),
    ).toEqual({ host: 'h', port: 6379, username: 'u', password: 'x', db: 4 });
    expect(redis({ REDIS_URL: 'redis://h', REDIS_TLS: 'true' })?.tls).toEqual({ servername: 'h' });
  });

  it.each<[string, Record<string, string>]>([
    ['REDIS_PASSWORD', { REDIS_URL: 'redis://:a@h', REDIS_PASSWORD: 'b' }],
    ['REDIS_DB', { REDIS_URL: 'redis://h/1', REDIS_DB: '2' }],
    ['REDIS_HOST', { REDIS_URL: 'redis://h', REDIS_HOST: 'other' }],
    ['REDIS_PORT', { REDIS_URL: 'redis://h:6380', REDIS_PORT: '6381' }],
    ['REDIS_TLS', { REDIS_URL: 'rediss://h', REDIS_TLS: 'false' }],
    ['REDIS_SSL', { REDIS_HOST: 'h', REDIS_TLS: 'true', REDIS_SSL: 'false' }],
    ['REDIS_URL', { REDIS_URL: 'redis://h', REDIS_SENTINELS: 's:1' }],
    ['REDIS_TLS_CERT', { REDIS_HOST: 'h', REDIS_TLS_CERT: __filename }],
  ])('name %s where it contradicts another', (variable, env) => {
    expect(() => redis(env)).toThrow(new RegExp(`  ${variable}: `));
  });

  it('take REDIS_SSL for REDIS_TLS, and certificates from files', () => {
    expect(redis({ REDIS_HOST: 'cache', REDIS_SSL: 'true' })?.tls).toEqual({ servername: 'cache' });
    const file = __filename;
    const { tls } = redis({
      REDIS_URL: 'rediss://10.0.0.1',
      REDIS_TLS_CA: file,
      REDIS_TLS_CERT: file,
      REDIS_TLS_KEY: file,
    }) as { tls: { ca: Buffer; servername?: string } };
    expect(tls.ca.toString()).toContain('certificates from files');
    expect(tls.servername).toBeUndefined();
    expect(() => redis({ REDIS_HOST: 'h', REDIS_TLS_CA: '/nowhere/ca.pem' })).toThrow(/REDIS_TLS_CA: /);
  });

  it('take IPv6 sentinels, and name what is none', () => {
    expect(redis({ REDIS_SENTINELS: '[::1]:26380, ::1, s2', REDIS_SENTINEL_PASSWORD: 'x' })).toMatchObject({
      sentinels: [
        { host: '::1', port: 26_380 },
        { host: '::1', port: 26_379 },
        { host: 's2', port: 26_379 },
      ],
      sentinelPassword: 'x',
    });
    expect(() => redis({ REDIS_SENTINELS: 's1:26379,s2:port' })).toThrow(/REDIS_SENTINELS: entry 2 of 2/);
  });

  it('say that Redis Cluster is not supported instead of ignoring it', () => {
    expect(() => redis({ REDIS_CLUSTER_NODES: 'a:1,b:2' })).toThrow(
      /REDIS_CLUSTER_NODES: Redis Cluster is not supported/,
    );
  });
});

describe('names that nobody reads', () => {
  it.each([
    ['REDIS_SLL', 'REDIS_SSL'],
    ['REDIS_PASS', 'REDIS_PASSWORD'],
    ['REDIS_PASWORD', 'REDIS_PASSWORD'],
    ['REDIS_URI', 'REDIS_URL'],
    ['REDIS_USER', 'REDIS_USERNAME'],
    ['MEMCACHED_HOSTS', 'MEMCACHED_HOST'],
    ['TRUEDATA_USERNAME', 'TRUEDATA_USER'],
    ['SHAREKHAN_APIKEY', 'SHAREKHAN_API_KEY'],
    ['ORCHESTRATOR_URL', 'ORCHESTRATOR_HTTP_URL'],
    ['DASHBOARD_PROT', 'DASHBOARD_PORT'],
    ['FEED_SYMBOL', 'FEED_SYMBOLS'],
    ['ADMIN_PASSWROD', 'ADMIN_PASSWORD'],
    ['INTERNAL_API_KEYS', 'INTERNAL_API_KEY'],
    ['ALLOWED_HOST', 'ALLOWED_HOSTS'],
    ['BIND_ADRESS', 'BIND_ADDRESS'],
  ])('%s is refused, and %s named', (name, meant) => {
    expect(() => parseEnvironment(schema, { [name]: 'secret-1' })).toThrow(
      `  ${name}: no variable of this platform; did you mean ${meant}?`,
    );
    expect(parseEnvironment(schema, { [name]: '' })).toBeDefined();
  });

  it("may be other programs'", () => {
    const foreign = [
      ...['PATH', 'HOME', 'PORT', 'HOST', 'NODE_ENV', 'NODE_OPTIONS', 'DATABASE_URI', 'LOG_LEVELS', 'FEEDS'],
      ...['REDIS_SERVICE_HOST', 'REDIS_SERVICE_PORT', 'REDIS_SERVICE_PORT_REDIS', 'REDIS_PORT_6379_TCP'],
      ...['REDIS_PORT_6379_TCP_ADDR', 'REDIS_PORT_6379_TCP_PROTO', 'REDIS_NAME', 'REDIS_ENV_REDIS_VERSION'],
      ...['REDIS_VERSION', 'REDIS_DOWNLOAD_URL', 'REDIS_DOWNLOAD_SHA', 'REDISCLI_AUTH', 'REDIS_OM_URL'],
      ...['MEMCACHED_VERSION', 'MEMCACHED_SHA1', 'MEMCACHED_SERVICE_HOST', 'DASHBOARD_SERVICE_PORT_HTTP'],
      ...['MARKET_DATA_SERVICE_HOST', 'BINANCE_API_KEY', 'BINANCE_API_SECRET', 'npm_config_registry'],
      ...['DATA_DIRECTORY', 'POSTGRES_PASSWORD', 'TEST_REDIS_URL', 'HEALTH_PORT', 'KUBERNETES_SERVICE_HOST'],
    ];
    expect(() =>
      parseEnvironment(schema, Object.fromEntries(foreign.map((name) => [name, 'x']))),
    ).not.toThrow();
  });

  it('are none of any service: the table has every variable that one of them reads', () => {
    const root = resolve(__dirname, '../../..');
    const files = [
      ...readdirSync(join(root, 'apps'), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('/app.config.ts'))
        .map((file) => join('apps', file)),
      ...['fragments', 'redis.environment', 'memcached.environment'].map(
        (file) => `libs/service-bootstrap/src/config/${file}.ts`,
      ),
    ];
    const read = files.flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/^\s+([A-Z][A-Z0-9_]{3,}): /gm)].map(
        ([, name = '']) => name,
      ),
    );
    expect(files).toHaveLength(8);
    expect(read.length).toBeGreaterThan(50);
    expect(read.filter((name) => !PLATFORM_VARIABLES.has(name))).toEqual([]);
  });
});
