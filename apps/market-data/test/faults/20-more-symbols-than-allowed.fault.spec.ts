import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Problem } from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import { VendorServer } from '../../src/testing/vendor-server';
import { ServiceProcess } from '../service-process';

const LIMIT = 250;
const SYMBOLS = Array.from({ length: 5_000 }, (_, index) => `SHARE${index}`);

/** 20: 5,000 symbols against a vendor limit of 250. */
describe('more symbols than the subscription allows', () => {
  const directory = mkdtempSync(join(tmpdir(), 'limit-'));
  let vendor: VendorServer;
  let marketData: ServiceProcess;

  beforeAll(async () => {
    vendor = new VendorServer((socket) => {
      socket.on('message', (data) => {
        const { method, symbols = [] } = JSON.parse(String(data)) as { method: string; symbols?: string[] };
        if (method !== 'addsymbol') return;
        const time = new Date(Date.now() + 5.5 * 3_600_000).toISOString().slice(0, 19);
        const figures = ['100', '1', '100', '10', '99', '101', '98', '97', '0', '0', '0', '0', '0', '0', '0'];
        const symbollist = symbols.map((symbol) => [symbol, symbol.slice(5), time, ...figures]);
        socket.send(JSON.stringify({ success: true, message: 'symbols added', symbollist }));
      });
      socket.send(JSON.stringify({ success: true, message: 'welcome', maxsymbols: LIMIT }));
    });
    marketData = await ServiceProcess.start('market-data', {
      DATA_DIR: directory,
      FEED: 'truedata',
      TRUEDATA_URL: await vendor.listen(),
      TRUEDATA_USER: 'u',
      TRUEDATA_PASSWORD: 'p',
      FEED_SYMBOLS: SYMBOLS.join(','),
    });
  }, 90_000);

  afterAll(async () => {
    await marketData.kill();
    await vendor.close();
    rmSync(directory, { recursive: true });
  });

  it('are subscribed up to the limit, and the rest is reported', async () => {
    const status = await waitFor(async () => {
      const current = await marketData.status();
      return current.symbolsActive === LIMIT && current;
    });
    const asked = vendor.received.flatMap(
      (text) => (JSON.parse(text) as { symbols?: string[] }).symbols ?? [],
    );
    expect(asked).toEqual(SYMBOLS.slice(0, LIMIT));
    expect(status).toMatchObject({ state: 'connected', symbolsRequested: SYMBOLS.length });
    expect(status.symbolsRefused.map(({ symbol }) => symbol)).toEqual(SYMBOLS.slice(LIMIT));
    expect(status.symbolsRefused[0]?.reason).toContain(String(LIMIT));
  });

  it('are told apart for whoever asks for one of them', async () => {
    expect((await marketData.fetch('/api/v1/market-data/SHARE249')).status).toBe(200);
    const refused = await marketData.fetch('/api/v1/market-data/SHARE250');
    expect(refused.status).toBe(404);
    expect(((await refused.json()) as Problem).code).toBe('SYMBOL_NOT_SUBSCRIBED');
  });
});
