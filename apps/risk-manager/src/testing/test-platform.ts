import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createTestDatabase, Database, type TestDatabase } from '@tickbridge/database';
import { createApp } from '@tickbridge/service-bootstrap';
import { PrivateRedis } from '@tickbridge/shared-cache/testing';
import { readConfig } from '../app.config';
import { riskManager } from '../risk-manager.definition';

const KEY = 'a-key-for-tests-only';

/** Servers that a test of this service needs; the variables come from the runner. */
export interface TestServers {
  databaseUrl: string | undefined;
  redisProgram: string | undefined;
}

/** This service with a PostgreSQL database and a Redis of its own. */
export class TestPlatform {
  static readonly key = KEY;
  static readonly authorization = `Bearer ${KEY}`;
  private readonly apps: NestFastifyApplication[] = [];

  private constructor(
    private readonly test: TestDatabase,
    private readonly redis: PrivateRedis,
  ) {}

  static async begin({ databaseUrl, redisProgram }: TestServers): Promise<TestPlatform> {
    Logger.overrideLogger(false);
    if (!redisProgram) throw new Error('TEST_REDIS_PROGRAM is not set: run the tests with `npm test`');
    const test = await createTestDatabase(databaseUrl);
    return new TestPlatform(test, await PrivateRedis.start(redisProgram));
  }

  get redisUrl(): string {
    return this.redis.url;
  }

  /** An instance that is ready for requests. */
  async start(environment: Record<string, string> = {}): Promise<NestFastifyApplication> {
    const config = readConfig({
      DATABASE_URL: this.test.url,
      REDIS_URL: this.redis.url,
      INTERNAL_API_KEY: KEY,
      FEED: 'replay',
      RISK_MANAGER_PORT: '0',
      MARKET_DATA_HTTP_URL: 'http://127.0.0.1:9',
      ...environment,
    });
    const app = await createApp(riskManager, config, false);
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    await app.get(Database).whenReady();
    this.apps.push(app);
    return app;
  }

  async stop(app: NestFastifyApplication): Promise<void> {
    this.apps.splice(this.apps.indexOf(app), 1);
    await app.close();
  }

  async end(): Promise<void> {
    for (const app of this.apps) await app.close();
    await Promise.all([this.redis.stop(), this.test.drop()]);
  }
}
