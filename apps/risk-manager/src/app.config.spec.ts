import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError } from '@tickbridge/service-bootstrap';
import { readConfig } from './app.config';

describe('configuration', () => {
  const directory = mkdtempSync(join(tmpdir(), 'config-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('has a default for everything, and makes the secrets it needs', () => {
    const config = readConfig({ DATA_DIR: directory });
    expect(config).toMatchObject({
      port: 8_004,
      bindAddress: '127.0.0.1',
      feeds: ['simulator'],
      redis: undefined,
      databaseUrl: undefined,
      marketDataUrl: 'http://127.0.0.1:8001',
    });
    expect(config.internalApiKey).toHaveLength(44);
    expect(readConfig({ DATA_DIR: directory }).internalApiKey).toBe(config.internalApiKey);
  });

  it('names every variable that cannot be used, and no value', () => {
    const bad = {
      RISK_MANAGER_PORT: 'seven',
      FEED: 'bloomberg',
      DATABASE_URL: 'mysql://secret@host/db',
      MARKET_DATA_HTTP_URL: 'somewhere',
      REPLAY_FILE: '/nowhere/at-all.gz',
      BACKTEST_WORKERS: 'many',
    };
    const read = () => readConfig({ DATA_DIR: directory, ...bad });
    expect(read).toThrow(ConfigurationError);
    for (const variable of Object.keys(bad)) expect(read).toThrow(variable);
    expect(read).not.toThrow(/many|at-all|secret|bloomberg|seven|somewhere|c2hvcnQ/);
  });
});
