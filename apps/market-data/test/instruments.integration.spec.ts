import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InstrumentAnswer, InstrumentsAnswer, Problem } from '@tickbridge/contracts';
import { createTestDatabase, type TestDatabase } from '@tickbridge/database';
import { waitFor } from '@tickbridge/shared-cache/testing';
import { ServiceProcess } from './service-process';

const LISTED = [
  ['SUSDT', 'S', 'USDT'],
  ['WUSDT', 'W', 'USDT'],
  ['AUSDC', 'A', 'USDC'],
  ['BTCPLN', 'BTC', 'PLN'],
  ['EURIUSDT', 'EURI', 'USDT'],
  ['1000SATSUSDT', '1000SATS', 'USDT'],
  ['币安人生USDT', '币安人生', 'USDT'],
].map(([symbol, baseAsset, quoteAsset]) => ({
  symbol,
  baseAsset,
  quoteAsset,
  status: 'TRADING',
  filters: [
    { filterType: 'PRICE_FILTER', tickSize: '0.00000001' },
    { filterType: 'LOT_SIZE', minQty: '1', maxQty: '1000000', stepSize: '1' },
  ],
}));

describe('market-data at a venue that lists names no pattern would take', () => {
  const directory = mkdtempSync(join(tmpdir(), 'listed-'));
  let database: TestDatabase;
  let venue: Server;

  beforeAll(async () => {
    database = await createTestDatabase(process.env['TEST_DATABASE_URL']);
    venue = createServer((request, response) => {
      const known = request.url?.startsWith('/api/v3/exchangeInfo') === true;
      response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' });
      response.end(known ? JSON.stringify({ symbols: LISTED }) : '{}');
    });
    await new Promise<void>((resolve) => venue.listen(0, '127.0.0.1', resolve));
  });

  afterAll(async () => {
    venue.close();
    await database.drop();
    rmSync(directory, { recursive: true });
  });

  const environment = (FEED_SYMBOLS: string) => {
    const { port } = venue.address() as AddressInfo;
    return {
      FEED: 'binance',
      FEED_SYMBOLS,
      BINANCE_REST_URL: `http://127.0.0.1:${port}`,
      BINANCE_WS_URL: `ws://127.0.0.1:${port}`,
      DATA_DIR: directory,
      DATABASE_URL: database.url,
    };
  };

  it('starts with them, keeps them, and finds them by part of a name', async () => {
    const wanted = LISTED.map(({ symbol }) => symbol).join(',');
    const service = await ServiceProcess.start('market-data', environment(wanted));
    const status = await service.status();
    expect(status).toMatchObject({ symbolsRequested: LISTED.length });
    const one = await service.get<InstrumentAnswer>('/api/v1/instruments/1000sats-usdt');
    expect(one.instrument).toMatchObject({
      symbol: '1000SATSUSDT',
      baseAsset: '1000SATS',
      currency: 'USDT',
      priceDecimals: 8,
    });
    await waitFor(async () => (await found(service, 'usdc')).total === 1, { timeoutMs: 10_000 });
    const { instruments, lists } = await found(service, encodeURIComponent('币安'));
    expect(instruments.map(({ symbol }) => symbol)).toEqual(['币安人生USDT']);
    expect(lists).toMatchObject([{ feed: 'binance', instruments: LISTED.length, lastError: null }]);
    const unknown = await service.fetch('/api/v1/instruments/SUSTD');
    expect((await unknown.json()) as Problem).toMatchObject({
      status: 404,
      code: 'INSTRUMENT_UNKNOWN',
      detail: expect.stringContaining('the nearest names are SUSDT'),
    });
    await service.stop();
  }, 60_000);

  it('refuses a name that it does not list, with the nearest', async () => {
    const service = ServiceProcess.spawn('market-data', environment('SUSDT,BTCPNL'));
    expect(await service.ended()).toBe(78);
    expect(service.output).toContain('FEED_SYMBOLS: BTCPNL is not listed; the nearest names are BTCPLN');
  }, 60_000);

  const found = (service: ServiceProcess, text: string) =>
    service.get<InstrumentsAnswer>(`/api/v1/instruments?search=${text}`);
});
