import fc from 'fast-check';
import { z } from 'zod';
import {
  bridgeEnvironment,
  bridgeUrls,
  ConfigurationError,
  databaseEnvironment,
  feedEnvironment,
  parseEnvironment,
  redisEnvironment,
  redisOptions,
  serviceEnvironment,
} from '../src';

const schema = z.object({
  ...serviceEnvironment,
  ...redisEnvironment,
  ...databaseEnvironment,
  ...feedEnvironment,
  ...bridgeEnvironment,
});
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
      fc.property(fc.constantFrom(...Object.keys(schema.shape)), fc.string(), (name, value) => {
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
      ...{ host: 'cache.example.com', port: 6380, username: 'user', password: 'p@ss', db: 3 },
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
      ...{ host: 'cache', port: 6390, password: 'x', db: 2 },
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

  it('say that Redis Cluster is not supported instead of ignoring it', () => {
    expect(() => redis({ REDIS_CLUSTER_NODES: 'a:1,b:2' })).toThrow(
      /REDIS_CLUSTER_NODES: Redis Cluster is not supported/,
    );
  });
});
