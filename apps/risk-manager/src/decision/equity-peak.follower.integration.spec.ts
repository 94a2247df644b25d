import { accounts, Database, equityPeaks, equitySamples } from '@tickbridge/database';
import request from 'supertest';
import { TestPlatform } from '../testing/test-platform';
import { EquityPeakFollower } from './equity-peak.follower';

const ACCOUNT = 'PAPER_TRADER_001';

describe('the equity peaks', () => {
  let platform: TestPlatform;
  afterAll(() => platform.end());

  it('rise with what was measured between decisions, never below the capital, never over a reset', async () => {
    platform = await TestPlatform.begin({
      databaseUrl: process.env['TEST_DATABASE_URL'],
      redisProgram: process.env['TEST_REDIS_PROGRAM'],
    });
    const app = await platform.start();
    const { orm } = app.get(Database);
    const follower = app.get(EquityPeakFollower);
    await orm.insert(accounts).values({
      id: ACCOUNT,
      broker: 'paper',
      feed: 'binance',
      currency: 'USDT',
      capital: '100000',
      cash: '100000',
    });
    const measured = async (equity: string, at: number, strategy = '') => {
      const figures = { peak: equity, realized: '0', unrealized: '0', fees: '0' };
      await orm.insert(equitySamples).values({
        accountId: ACCOUNT,
        strategy,
        at: new Date(at),
        equity,
        ...figures,
        grossExposure: '0',
        netExposure: '0',
      });
      await follower.look();
      return (await orm.select().from(equityPeaks))[0]?.peak;
    };
    const start = Date.now() - 60_000;
    expect(await measured('99000', start)).toBeUndefined();
    expect(await measured('500000', start + 1, 'momentum-breakout')).toBeUndefined();
    expect(await measured('103000.5', start + 2)).toBe('103000.5');
    expect(await measured('102000', start + 3)).toBe('103000.5');
    await request(app.getHttpServer())
      .post(`/api/v1/risk/equity-peaks/${ACCOUNT}/reset`)
      .set({ authorization: TestPlatform.authorization })
      .send({ equity: 90_000, by: 'mira', reason: 'a test' })
      .expect(200);
    expect(await measured('103000', start + 4)).toBe('90000');
    expect(await measured('91000', Date.now() + 1_000)).toBe('91000');
  }, 30_000);
});
