import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '@tickbridge/service-bootstrap';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dashboard } from '../dashboard.definition';
import { needsProof, ROUTE_RULES, ruleOf } from './route-rules';

describe('the table of routes', () => {
  const directory = mkdtempSync(join(tmpdir(), 'dashboard-'));
  const registered = new Set<string>();
  let app: NestFastifyApplication;

  beforeAll(async () => {
    const listing: typeof dashboard = {
      ...dashboard,
      prepare: async (created, config) => {
        created
          .getHttpAdapter()
          .getInstance()
          .addHook('onRoute', ({ method, url }: { method: string | string[]; url: string }) => {
            for (const one of [method].flat()) registered.add(`${one} ${url}`);
          });
        await dashboard.prepare?.(created, config);
      },
    };
    app = await createApp(listing, dashboard.readConfig({ DATA_DIR: directory }), false);
  });

  afterAll(async () => {
    await app.close();
    rmSync(directory, { recursive: true });
  });

  const known = (route: string) => {
    const [method = '', path = ''] = route.split(' ');
    if (method === 'OPTIONS' || path === '*') return true;
    // Swagger brings its files along, and answers with and without a slash at the end.
    if (/^\/docs\/.+/.test(path)) return ROUTE_RULES.has('GET /docs/*');
    const reading = method === 'HEAD' ? 'GET' : method;
    return /^\/assets\//.test(path) || ROUTE_RULES.has(`${reading} ${path.replace(/^(\/docs)\/$/, '$1')}`);
  };

  it('has every route that is registered', () => {
    expect(registered.size).toBeGreaterThan(60);
    expect([...registered].filter((route) => !known(route))).toEqual([]);
  });

  it('has no route that is not registered', () => {
    const files = new Set(['GET /favicon.svg', 'GET /docs/*']);
    expect([...ROUTE_RULES.keys()].filter((route) => !registered.has(route) && !files.has(route))).toEqual(
      [],
    );
  });

  it('leaves what it does not list to admins', () => {
    expect(ruleOf('POST', '/api/v1/added-tomorrow')).toEqual({ least: 'admin' });
    expect(ruleOf('DELETE', '/api/v1/orders/:id')).toEqual({ least: 'admin' });
    expect(ruleOf('GET', undefined)).toEqual({ least: 'admin' });
  });

  it('asks for a fresh proof before flattening, and before none of the steps that only stop something', () => {
    const rule = ruleOf('POST', '/api/v1/trading/:command');
    const proof = (command: string) => needsProof(rule, { params: { command }, body: {} });
    expect(proof('flatten')).toBe(true);
    for (const command of ['halt', 'reduce', 'stop']) expect(proof(command)).toBe(false);
  });

  it('asks for a fresh proof before arming, and not before disarming or a change without it', () => {
    const rule = ruleOf('PATCH', '/api/v1/accounts/:id');
    const proof = (body: unknown) => needsProof(rule, { params: { id: 'A' }, body });
    expect(proof({ armed: true, by: 'mira' })).toBe(true);
    for (const body of [{ armed: false }, { enabled: true }, { armed: 'true' }, null, [], 'armed'])
      expect(proof(body)).toBe(false);
  });
});
