import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FeedStatus } from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import { VendorServer } from '../../src/testing/vendor-server';
import { ServiceProcess } from '../service-process';

const PASSWORD = 'hunter2-is-secret';
/** A refused login is not tried again sooner (ms); timers may be early by a little. */
const PATIENCE_MS = 9_900;

/** 18: "User Already Connected", wrong password, expired subscription. */
describe('a login that is refused', () => {
  const directory = mkdtempSync(join(tmpdir(), 'refused-'));
  let refusal: string | null = 'User Already Connected';
  let vendor: VendorServer;
  let marketData: ServiceProcess;

  beforeAll(async () => {
    vendor = new VendorServer((socket) => {
      if (refusal === null) {
        socket.send(
          JSON.stringify({ success: true, message: 'TrueData Real Time Data Service', maxsymbols: 50 }),
        );
        return;
      }
      socket.send(JSON.stringify({ success: false, message: refusal, segments: null, maxsymbols: 0 }));
    });
    marketData = await ServiceProcess.start('market-data', {
      DATA_DIR: directory,
      FEED: 'truedata',
      TRUEDATA_URL: await vendor.listen(),
      TRUEDATA_USER: 'trader',
      TRUEDATA_PASSWORD: PASSWORD,
      FEED_SYMBOLS: 'ITC',
      LOG_LEVEL: 'trace',
    });
  }, 90_000);

  afterAll(async () => {
    await marketData.kill();
    await vendor.close();
    rmSync(directory, { recursive: true });
  });

  const command = async (name: string) =>
    (await (
      await marketData.fetch(`/api/v1/truedata/${name}`, { method: 'POST', body: '{}' })
    ).json()) as FeedStatus;

  it('because the last session still lives is waited out, and not hammered', async () => {
    const waiting = await waitFor(async () => {
      const status = await marketData.status();
      return status.state === 'waiting' && status;
    });
    expect(waiting.lastError).toContain('User Already Connected');
    expect(vendor.attemptTimes).toHaveLength(1);
    refusal = null;
    await waitFor(async () => (await marketData.status()).connected, { timeoutMs: 20_000, everyMs: 50 });
    const [first = 0, second = 0, ...more] = vendor.attemptTimes;
    expect(second - first).toBeGreaterThanOrEqual(PATIENCE_MS);
    expect(more).toEqual([]);
  }, 60_000);

  it.each(['Invalid User Credentials', 'user subscription expired'])(
    'for good ("%s") stops, says what to do, and goes on when a person says so',
    async (message) => {
      refusal = message;
      const stopped = await command('reconnect');
      expect(stopped).toMatchObject({ state: 'stopped', connected: false, dataFlowing: false });
      for (const word of [message, 'TRUEDATA_USER', 'TRUEDATA_PASSWORD', 'POST /api/v1/truedata/connect']) {
        expect(stopped.lastError).toContain(word);
      }
      const { status, detail } = (await marketData.readiness()).dependencies.feed ?? {};
      expect(status).toBe('degraded');
      expect(detail).toContain(message);
      // A dropped socket is tried again within half a second; this is not tried again at all.
      const attempts = vendor.attemptTimes.length;
      const stoppedAt = performance.now();
      await waitFor(() => performance.now() - stoppedAt > 1_500);
      expect(vendor.attemptTimes).toHaveLength(attempts);
      refusal = null;
      expect(await command('connect')).toMatchObject({ state: 'connected', lastError: null });
    },
  );

  it('leaves no password behind', async () => {
    const answers = await Promise.all(
      ['/api/v1/feed/status', '/api/v1/truedata/status', '/health/ready', '/metrics', '/docs-json'].map(
        async (path) => (await marketData.fetch(path)).text(),
      ),
    );
    expect(vendor.requests.every((url) => url.includes(PASSWORD))).toBe(true);
    expect(marketData.output + answers.join()).not.toContain(PASSWORD);
  });
});
