import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type RiskDecision, SUBJECTS } from '@tickbridge/contracts';
import { MetricsRegistry, ServiceBus } from '@tickbridge/service-bootstrap';
import { waitFor } from '@tickbridge/shared-cache/testing';
import { Redis } from 'ioredis';
import { TestPlatform } from './testing/test-platform';

const question = () => ({
  orderId: null,
  signalId: randomUUID(),
  accountId: 'NOBODY',
  strategy: 's',
  symbol: 'BTCUSDT',
  side: 'BUY',
  type: 'MARKET',
  quantity: 1,
  asOf: '2024-08-08T23:55:00.000Z',
  market: { source: 'replay', lastPrice: 1, bid: 1, ask: 1, ageMs: 0 },
});

describe('37: platforms that share a Redis, and instances that share a platform', () => {
  let ours: TestPlatform;
  let theirs: TestPlatform;
  let foreign: Redis;

  const servers = () => ({
    databaseUrl: process.env['TEST_DATABASE_URL'],
    redisProgram: process.env['TEST_REDIS_PROGRAM'],
  });
  const figure = async (app: NestFastifyApplication, name: string, labels: Record<string, string> = {}) => {
    const metric = await app.get(MetricsRegistry).getSingleMetric(name)?.get();
    const wanted = (metric?.values ?? []).filter((value) =>
      Object.entries(labels).every(([label, text]) => value.labels[label] === text),
    );
    return wanted.reduce((sum, { value }) => sum + value, 0);
  };
  const decisions = (app: NestFastifyApplication) => figure(app, 'tickbridge_risk_decisions_total');
  const refused = (app: NestFastifyApplication, reason: string) =>
    figure(app, 'bus_messages_refused_total', { reason });
  const ask = (app: NestFastifyApplication) =>
    app.get(ServiceBus).request<RiskDecision>(SUBJECTS.riskCheck, question(), 5_000);
  const isHeard = (app: NestFastifyApplication) =>
    waitFor(() => ask(app).then(() => true), { timeoutMs: 10_000 });

  beforeAll(async () => {
    ours = await TestPlatform.begin(servers());
    theirs = await TestPlatform.begin(servers());
    foreign = new Redis(ours.redisUrl);
  }, 30_000);
  afterAll(async () => {
    foreign.disconnect();
    await ours.end();
    await theirs.end();
  });

  it('two instances share the questions: each is decided once', async () => {
    const apps = [await ours.start(), await ours.start()];
    const [first, second] = apps as [NestFastifyApplication, NestFastifyApplication];
    await isHeard(first);
    await waitFor(async () => (await foreign.pubsub('NUMSUB', 'risk.check'))[1] === 2);
    const before = (await decisions(first)) + (await decisions(second));
    for (let count = 0; count < 50; count += 1) await ask(first);
    expect((await decisions(first)) + (await decisions(second)) - before).toBe(50);
    for (const app of apps) await ours.stop(app);
  }, 60_000);

  it.each([
    ['another database number', { number: '1' }],
    ['a prefix of its own', { INSTALLATION_PREFIX: 'theirs' }],
  ])(
    'nobody decides for the platform with %s',
    async (_how, { number, ...environment }: Record<string, string>) => {
      const mine = await ours.start();
      const other = await theirs.start({
        REDIS_URL: `${ours.redisUrl}/${number ?? '0'}`,
        INTERNAL_API_KEY: 'another-key-for-tests',
        ...environment,
      });
      await isHeard(mine);
      await isHeard(other);
      const before = await decisions(other);
      for (let count = 0; count < 20; count += 1) await ask(mine);
      expect(await decisions(other)).toBe(before);
      // Pub/sub knows no database numbers: it was heard, and known for another platform's.
      if (number !== undefined) expect(await refused(other, 'foreign')).toBeGreaterThanOrEqual(20);
      await theirs.stop(other);
      await ours.stop(mine);
    },
    60_000,
  );

  it('a forged question is not decided, and no bytes end the process', async () => {
    const app = await ours.start();
    await isHeard(app);
    const before = await decisions(app);
    const forged = JSON.stringify({ pattern: 'risk.check', data: question(), id: 'x' });
    for (const text of ['null', '1', '[]', '{', forged, '['.repeat(100_000), '{"id":{"toString":1}}']) {
      for (const channel of ['risk.check', 'risk.check.reply']) await foreign.publish(channel, text);
    }
    await waitFor(async () => (await refused(app, 'unreadable')) >= 14);
    expect(await decisions(app)).toBe(before);
    await isHeard(app);
    await ours.stop(app);
  }, 60_000);
});
