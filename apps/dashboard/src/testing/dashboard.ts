import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createTestDatabase, Database, type TestDatabase } from '@tickbridge/database';
import { createApp } from '@tickbridge/service-bootstrap';
import { waitFor } from '@tickbridge/shared-cache/testing';
import request, { type Test } from 'supertest';
import { dashboard } from '../dashboard.definition';
import { verifyPassword } from '../identity/password-hash';
import { UserRepository } from '../identity/user.repository';
import { ScriptedService } from './services';

export const KEY = 'a-key-for-the-tests';
export const PASSWORD = 'correct horse battery';

type Method = 'get' | 'post' | 'patch' | 'put' | 'delete';

/** A dashboard with a database of its own and one scripted service behind it. */
export class TestDashboard {
  readonly service = new ScriptedService();
  /** Apart from it, because the dashboard asks for prices all the time. */
  readonly marketData = new ScriptedService();
  readonly directory = mkdtempSync(join(tmpdir(), 'dashboard-'));
  private readonly apps: NestFastifyApplication[] = [];
  database!: TestDatabase;

  /** Starts the first instance. */
  static async start(settings: Record<string, string> = {}): Promise<TestDashboard> {
    const test = new TestDashboard();
    test.database = await createTestDatabase(process.env.TEST_DATABASE_URL);
    await Promise.all([test.service.listen(), test.marketData.listen()]);
    await test.startInstance({ ADMIN_PASSWORD: PASSWORD, ...settings });
    return test;
  }

  /** Starts another instance, or the same one again, on the same data. */
  async startInstance(settings: Record<string, string>): Promise<NestFastifyApplication> {
    const { url } = this.service;
    const config = dashboard.readConfig({
      DATA_DIR: this.directory,
      DATABASE_URL: this.database.url,
      INTERNAL_API_KEY: KEY,
      ORCHESTRATOR_HTTP_URL: url,
      RISK_MANAGER_HTTP_URL: url,
      MARKET_DATA_HTTP_URL: this.marketData.url,
      ...settings,
    });
    const app = await createApp(dashboard, config, false);
    await app.listen(0, '127.0.0.1');
    this.apps.push(app);
    await app.get(Database).whenReady();
    const users = app.get(UserRepository);
    const { ADMIN_PASSWORD: wanted } = settings;
    await waitFor(async () => {
      const admin = await users.findByName('admin');
      if (wanted === undefined) return admin !== undefined;
      return admin?.appliedPasswordHash ? verifyPassword(wanted, admin.appliedPasswordHash) : false;
    });
    return app;
  }

  get app(): NestFastifyApplication {
    return this.apps[0] as NestFastifyApplication;
  }

  addressOf(app = this.app): string {
    return `http://127.0.0.1:${((app.getHttpServer() as { address(): unknown }).address() as AddressInfo).port}`;
  }

  /** @param as cookie of a session, or `Bearer …` */
  call(method: Method, path: string, as?: string, app = this.app): Test {
    const test = request(app.getHttpServer())[method](`/api/v1${path}`);
    if (as === undefined) return test;
    return as.startsWith('Bearer ') ? test.set('authorization', as) : test.set('cookie', as);
  }

  login(username: string, password: string, code?: string, app = this.app): Test {
    return this.call('post', '/auth/login', undefined, app).send({
      username,
      password,
      ...(code && { code }),
    });
  }

  /** @returns the session's cookie */
  async signIn(username = 'admin', password = PASSWORD, code?: string, app = this.app): Promise<string> {
    const response = await this.login(username, password, code, app).expect(200);
    return (response.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
  }

  /** Makes a user. @returns their id */
  async addUser(admin: string, name: string, role: string): Promise<string> {
    const { body } = await this.call('post', '/users', admin)
      .send({ name, role, password: PASSWORD })
      .expect(201);
    return (body as { id: string }).id;
  }

  /** Runs SQL past the platform. */
  sql(text: string, values: unknown[] = []): Promise<{ rows: unknown[] }> {
    return this.app.get(Database).query({ text, values });
  }

  /** Lets every proof of identity grow old. */
  async ageProofs(): Promise<void> {
    await this.sql(`update identity.sessions set confirmed_at = confirmed_at - interval '6 minutes'`);
  }

  async stop(): Promise<void> {
    for (const app of this.apps) await app.close();
    await Promise.all([this.service.close(), this.marketData.close()]);
    await this.database.drop();
    rmSync(this.directory, { recursive: true });
  }
}
