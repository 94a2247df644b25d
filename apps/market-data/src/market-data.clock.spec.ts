import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FeedsStatus, feedsStatusSchema, type Readiness } from '@tickbridge/contracts';
import { createApp } from '@tickbridge/service-bootstrap';
import { waitFor } from '@tickbridge/shared-cache/testing';
import request from 'supertest';
import { marketData } from './market-data.definition';
import './testing/quiet-log';
import { VendorServer } from './testing/vendor-server';

const IST_OFFSET_MS = 5.5 * 3_600_000;
const AHEAD_MS = 8_000;

/** The vendor's clock, which is right; ours is behind by so much. */
function vendorTime(): string {
  return new Date(Date.now() + AHEAD_MS + IST_OFFSET_MS).toISOString().slice(0, 19);
}

describe('market-data on a machine whose clock is 8 s behind', () => {
  const directory = mkdtempSync(join(tmpdir(), 'clock-'));
  let vendor: VendorServer;
  let app: NestFastifyApplication;
  let sequence = 0;

  beforeAll(async () => {
    vendor = new VendorServer((socket) => {
      socket.on('message', (data) => {
        if (!String(data).includes('addsymbol')) return;
        const row = ['ITC', '101', vendorTime(), '405', '1', '0', '10', '400', '406', '399', '402'];
        const symbollist = [[...row, '0', '0', '0', '404.95', '5', '405.05', '6']];
        socket.send(JSON.stringify({ success: true, message: 'symbols added', symbollist }));
      });
      socket.send(JSON.stringify({ success: true, message: 'hello', maxsymbols: 50 }));
    });
    const config = marketData.readConfig({
      DATA_DIR: directory,
      INTERNAL_API_KEY: 'a-key-for-the-tests',
      FEED: 'truedata',
      TRUEDATA_URL: await vendor.listen(),
      TRUEDATA_USER: 'u',
      TRUEDATA_PASSWORD: 'hunter2',
      FEED_SYMBOLS: 'ITC',
    });
    app = await createApp(marketData, config, false);
    await app.listen(0, '127.0.0.1');
  });

  afterAll(async () => {
    await app.close();
    await vendor.close();
    rmSync(directory, { recursive: true });
  });

  const get = async <T>(path: string) => (await request(app.getHttpServer()).get(path)).body as T;
  const trade = () => {
    const head = [
      '101',
      vendorTime(),
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
    ];
    vendor.sendToAll({ trade: [...head, String((sequence += 1)), '405', '5', '405.1', '6'] });
  };

  it('says so in its health and status, instead of "connected, but no data"', async () => {
    const status = await waitFor(async () => {
      trade();
      const now = feedsStatusSchema.parse(await get<FeedsStatus>('/api/v1/feed/status'));
      return now.connected && (now.rejected['future'] ?? 0) > 3 && now;
    });
    expect(status.clockOffsetMs).toBeLessThan(-AHEAD_MS + 1_100);
    expect(status.clockOffsetMs).toBeGreaterThan(-AHEAD_MS - 1_100);
    const { dependencies } = await get<Readiness>('/health/ready');
    expect(dependencies['feed']).toMatchObject({
      status: 'degraded',
      detail: expect.stringMatching(/this machine's clock is about [789] s behind the vendor's/),
    });
  });
});
