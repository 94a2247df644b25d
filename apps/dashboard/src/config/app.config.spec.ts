import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { ConfigurationError } from '@tickbridge/service-bootstrap';
import { join } from 'node:path';
import { readConfig } from './app.config';

describe('configuration', () => {
  const directory = mkdtempSync(join(tmpdir(), 'config-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('works without any variable but the place for its files', () => {
    const config = readConfig({ DATA_DIR: directory });
    expect(config).toMatchObject({
      port: 8_002,
      bindAddress: '127.0.0.1',
      feeds: ['simulator'],
      behindTls: false,
    });
    expect(config.internalApiKey.length).toBeGreaterThan(16);
  });

  it('names every variable that cannot be used, and prints no value', () => {
    try {
      readConfig({
        ADMIN_PASSWORD: 'short',
        DASHBOARD_PORT: 'x',
        DATABASE_URL: 'mysql://secret',
        DASHBOARD_BEHIND_TLS: '?',
      });
      throw new Error('accepted');
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      expect(error.problems.map(({ variable }) => variable).sort()).toEqual([
        'ADMIN_PASSWORD',
        'DASHBOARD_BEHIND_TLS',
        'DASHBOARD_PORT',
        'DATABASE_URL',
      ]);
      expect(error.message).not.toMatch(/short|secret/);
    }
  });
});
