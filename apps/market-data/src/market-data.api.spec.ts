import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  ENDPOINT_NAMES,
  endpoints,
  isServedBy,
  feedsStatusSchema,
  feedStatusSchema,
  macroInsightSchema,
  marketDataAnswerSchema,
  type Readiness,
  tickJsonSchema,
} from '@tickbridge/contracts';
import { createApp } from '@tickbridge/service-bootstrap';
import { registeredRoutes } from '@tickbridge/service-bootstrap/testing';
import request from 'supertest';
import type { WebSocket } from 'ws';
import { marketData } from './market-data.definition';
import { until } from '@tickbridge/shared-cache/testing';
import { VendorServer } from './testing/vendor-server';

const KEY = 'a-key-for-the-tests';

/** The vendor's clock: Indian time of now. */
function now(): string {
  return new Date(Date.now() + 5.5 * 3_600_000).toISOString().slice(0, 19);
}

function admit(socket: WebSocket): void {
  socket.on('message', (data) => {
    const { method } = JSON.parse(String(data)) as { method: string };
    if (method !== 'addsymbol') return;
    const row = [
      'ITC',
      '101',
      now(),
      '405',
      '1',
      '0',
      '10',
      '400',
      '406',
      '399',
      '402',
      '0',
      '0',
      '0',
      '404.95',
      '5',
      '405.05',
      '6',
    ];
    socket.send(JSON.stringify({ success: true, message: 'symbols added', symbollist: [row] }));
  });
  socket.send(JSON.stringify({ success: true, message: 'hello', maxsymbols: 50 }));
}

describe('market-data over HTTP', () => {
  const directory = mkdtempSync(join(tmpdir(), 'market-data-'));
  let vendor: VendorServer;
  let app: NestFastifyApplication;
  const http = () => request(app.getHttpServer());
  const write = (path: string) => http().post(path).set('authorization', `Bearer ${KEY}`);

  beforeAll(async () => {
    vendor = new VendorServer(admit);
    const config = marketData.readConfig({
      DATA_DIR: directory,
      INTERNAL_API_KEY: KEY,
      FEED: 'truedata',
      TRUEDATA_URL: await vendor.listen(),
      TRUEDATA_USER: 'u',
      TRUEDATA_PASSWORD: 'hunter2',
      FEED_SYMBOLS: 'ITC,TCS',
    });
    app = await createApp(marketData, config, false);
    await app.listen(0, '127.0.0.1');
    await until('the subscription', () => vendor.received.length > 0);
    let active = 0;
    while (active === 0) {
      active = feedStatusSchema.parse((await http().get('/api/v1/feed/status')).body).symbolsActive;
    }
  });

  afterAll(async () => {
    await app.close();
    await vendor.close();
    rmSync(directory, { recursive: true });
  });

  it('answers every endpoint of the table that is its own, and nothing else', () => {
    const own = ENDPOINT_NAMES.filter((name) => isServedBy(endpoints[name], 'market-data'));
    expect(registeredRoutes(app)).toEqual([...own].sort());
  });

  it('answers the whole market with source and age', async () => {
    const answer = marketDataAnswerSchema.parse((await http().get('/api/v1/market-data').expect(200)).body);
    expect(answer).toMatchObject({ success: true, source: 'in-process', symbolCount: 1 });
    expect(answer.data.ITC).toMatchObject({ lastPrice: 405, bid: 404.95, change: 3, source: 'truedata' });
  });

  it.each([
    ['br', 'gzip, deflate, br'],
    ['gzip', 'gzip;q=0.5, br;q=0'],
    [undefined, 'identity'],
  ])('sends the whole market packed as %s to who accepts "%s"', async (encoding, accepted) => {
    const plain = await http().get('/api/v1/market-data').set('accept-encoding', 'identity').expect(200);
    const packed = await http().get('/api/v1/market-data').set('accept-encoding', accepted).expect(200);
    expect(packed.headers['content-encoding']).toBe(encoding);
    expect(packed.headers['vary']).toContain('accept-encoding');
    expect(packed.body.data).toEqual(plain.body.data);
  });

  it('spares the body of a caller that has it already, for as long as nothing changed', async () => {
    const ask = (etag = '') => http().get('/api/v1/market-data').set('if-none-match', etag);
    let unchanged = false;
    // The age of the newest tick counts in whole seconds, so two requests may fall into two of them.
    for (let attempt = 0; attempt < 5 && !unchanged; attempt += 1) {
      const { headers } = await ask().expect(200);
      const again = await ask(headers['etag']);
      unchanged = again.status === 304 && again.text === '';
    }
    expect(unchanged).toBe(true);
    await ask('W/"another"').expect(200);
  });

  it.each(['ITC', 'itc', 'NSE:ITC', 'ITC.NS'])('answers one symbol asked for as %s', async (name) => {
    const { body } = await http().get(`/api/v1/market-data/${name}`).expect(200);
    expect(tickJsonSchema.parse(body)).toMatchObject({ symbol: 'ITC', lastPrice: 405 });
  });

  it.each([
    ['btc%2Fusdt', 'btc/usdt'],
    ['ITC_BSE', 'ITC_BSE'],
  ])('says of %s that %s is not subscribed', async (path, name) => {
    const { body } = await http().get(`/api/v1/market-data/${path}`).expect(404);
    expect((body as { detail: string }).detail).toContain(`${name} is not subscribed`);
  });

  it.each(['onchain/BTCUSDT', 'sentiment/ITC', 'predictions/ITC'])(
    'invents nothing about %s',
    async (path) => {
      const { body } = await http().get(`/api/v1/insights/${path}`).expect(501);
      expect(body).toMatchObject({ code: 'INSIGHT_SOURCE_NOT_CONFIGURED' });
    },
  );

  it('tells "not subscribed" from "no data yet"', async () => {
    const unknown = await http().get('/api/v1/market-data/GOOG').expect(404);
    expect(unknown.body).toMatchObject({ code: 'SYMBOL_NOT_SUBSCRIBED' });
    expect(unknown.type).toBe('application/problem+json');
    const silent = await http().get('/api/v1/market-data/TCS').expect(503);
    expect(silent.body).toMatchObject({ code: 'NO_DATA_YET' });
  });

  it.each([
    ['interval', '/api/v1/market-data/ITC/candles?interval=2m'],
    ['limit', '/api/v1/market-data/ITC/candles?limit=0'],
    ['after', '/api/v1/market-data/bars?after=x'],
  ])('names the bad field %s', async (field, path) => {
    const { body } = await http().get(path).expect(400);
    expect(body).toMatchObject({ code: 'INVALID_INPUT', fields: [{ field }] });
  });

  it('counts trades into candles', async () => {
    vendor.sendToAll({
      trade: [
        '101',
        now(),
        '405.5',
        '7',
        '0',
        '17',
        '400',
        '406',
        '399',
        '402',
        '0',
        '0',
        '0',
        '',
        '1',
        '0',
        '0',
        '0',
        '0',
      ],
    });
    let candles: { close: number; volume: number }[] = [];
    while (candles.length === 0) {
      candles = (await http().get('/api/v1/market-data/ITC/candles?interval=5s')).body as typeof candles;
    }
    expect(candles).toMatchObject([{ close: 405.5, volume: 7, trades: 1 }]);
  });

  it('acts on the real connection, and only with the key', async () => {
    await http().post('/api/v1/truedata/disconnect').expect(401);
    expect(vendor.connections).toBe(1);

    const gone = await write('/api/v1/truedata/disconnect').expect(200);
    expect(gone.body).toMatchObject({ connected: false, state: 'stopped', dataFlowing: false });
    expect(vendor.connections).toBe(0);
    const { body } = await http().get('/api/v1/market-data/ITC').expect(503);
    expect(body).toMatchObject({ code: 'FEED_DOWN' });

    const back = await write('/api/v1/truedata/connect').expect(200);
    expect(back.body).toMatchObject({ connected: true, state: 'connected' });
    expect(vendor.connections).toBe(1);

    const again = await write('/api/v1/truedata/reconnect').expect(200);
    expect(again.body).toMatchObject({ connected: true, reconnects: 2 });
  });

  it('is ready, and says how the feed is doing', async () => {
    const { body } = await http().get('/health/ready').expect(200);
    expect(body).toMatchObject({
      dependencies: { feed: { status: expect.stringMatching(/up|degraded/) as string } },
    });
  });

  it('measures, and keeps the password to itself', async () => {
    const { text } = await http().get('/metrics').expect(200);
    expect(text).toMatch(/tickbridge_feed_trades_total\S* 1/);
    const status = await http().get('/api/v1/truedata/status').expect(200);
    expect(JSON.stringify(status.body) + text).not.toContain('hunter2');
  });
});

describe('market-data on a closed market', () => {
  it('is well, and delivers the macro figures of its last prices', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'market-data-'));
    const vendor = new VendorServer((socket) => {
      socket.on('message', (data) => {
        const { method } = JSON.parse(String(data)) as { method: string };
        // A price of the last session: nothing flows.
        const figures = ['11.5', '0', '0', '0', '11', '12', '10', '11', '0', '0', '0', '0', '0', '0', '0'];
        const symbollist = [['INDIA VIX', '7', '2025-09-19T15:30:00', ...figures]];
        if (method === 'addsymbol') {
          socket.send(JSON.stringify({ success: true, message: 'symbols added', symbollist: [] }));
          setTimeout(
            () => socket.send(JSON.stringify({ success: true, message: 'touchline', symbollist })),
            200,
          );
        } else if (method === 'getmarketstatus') {
          socket.send('{"success":true,"message":"marketstatus","data":{"NSE_IND":"CLOSED"}}');
        }
      });
      socket.send(JSON.stringify({ success: true, message: 'hello', maxsymbols: 50 }));
    });
    const config = marketData.readConfig({
      DATA_DIR: directory,
      INTERNAL_API_KEY: KEY,
      FEED: 'truedata',
      TRUEDATA_URL: await vendor.listen(),
      TRUEDATA_USER: 'u',
      TRUEDATA_PASSWORD: 'p',
      FEED_SYMBOLS: 'IndiaVIX',
    });
    const app = await createApp(marketData, config, false);
    await app.listen(0, '127.0.0.1');
    const http = request(app.getHttpServer());
    const none = await http.get('/api/v1/insights/macro').expect(503);
    expect(none.body).toMatchObject({ code: 'INSIGHT_SOURCE_NOT_CONFIGURED' });
    let status = feedsStatusSchema.parse((await http.get('/api/v1/feed/status')).body);
    while (status.marketStatus?.decidedBy !== 'vendor') {
      status = feedsStatusSchema.parse((await http.get('/api/v1/feed/status')).body);
    }
    expect(status).toMatchObject({ connected: true, dataFlowing: false, marketStatus: { state: 'closed' } });
    const ready = await http.get('/health/ready').expect(200);
    expect((ready.body as Readiness).dependencies['feed']).toEqual({
      status: 'up',
      detail: 'connected; the market is closed',
    });

    let macro = await http.get('/api/v1/insights/macro');
    while (macro.status === 503) macro = await http.get('/api/v1/insights/macro');
    const { value, cached } = macroInsightSchema.parse(macro.body);
    expect(value).toMatchObject([
      { symbol: 'INDIA VIX', value: 11.5, change: 0.5, provenance: { feed: 'truedata' } },
    ]);
    expect(cached).toBe(false);
    await app.close();
    await vendor.close();
    rmSync(directory, { recursive: true });
  });
});

describe('market-data without TrueData', () => {
  it('says that the feed does not speak it', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'market-data-'));
    const config = marketData.readConfig({
      DATA_DIR: directory,
      INTERNAL_API_KEY: KEY,
      FEED: 'binance',
      BINANCE_WS_URL: 'ws://127.0.0.1:9',
      BINANCE_REST_URL: 'http://127.0.0.1:9',
    });
    const app = await createApp(marketData, config, false);
    await app.listen(0, '127.0.0.1');
    const { body } = await request(app.getHttpServer()).get('/api/v1/truedata/status').expect(404);
    expect(body).toMatchObject({ code: 'NOT_A_TRUEDATA_FEED' });
    await app.close();
    rmSync(directory, { recursive: true });
  });
});
