import { KEY, PASSWORD, TestDashboard } from '../testing/dashboard';

const INTERNAL = `Bearer ${KEY}`;
const PROXY = { TRUSTED_PROXIES: '127.0.0.1' };

describe('guessing', () => {
  let test: TestDashboard;

  beforeAll(async () => {
    test = await TestDashboard.start(PROXY);
  });

  afterAll(() => test.stop());

  const guess = (name: string, from: string, password = 'wrong', app = test.app) =>
    test.login(name, password, undefined, app).set('x-forwarded-for', from);

  it('gets five tries, then one per window, and the window doubles', async () => {
    await test.addUser(INTERNAL, 'slowed', 'viewer');
    for (let attempt = 0; attempt < 5; attempt += 1) await guess('slowed', '198.51.100.1').expect(401);
    const first = await guess('slowed', '198.51.100.1').expect(429, /TOO_MANY_ATTEMPTS/);
    expect(Number(first.headers['retry-after'])).toBeLessThanOrEqual(2);
    await test.sql(`update identity.rate_limits set expire = 0 where key like 'wait:%'`);
    await guess('slowed', '198.51.100.1').expect(401);
    const second = await guess('slowed', '198.51.100.1').expect(429);
    expect(Number(second.headers['retry-after'])).toBeGreaterThan(2);
  });

  it('is slowed however the name is written, and however many try at once', async () => {
    await test.addUser(INTERNAL, 'parallel', 'viewer');
    const names = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 'parallel' : 'PARALLEL'));
    const answers = await Promise.all(names.map((name) => guess(name, '198.51.100.2')));
    expect(answers.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(5);
    expect(answers.every(({ status }) => status === 401 || status === 429)).toBe(true);
  });

  it('never locks the owner out: from a network that did nothing the right password gets in', async () => {
    await test.addUser(INTERNAL, 'owner', 'viewer');
    for (let attempt = 0; attempt < 8; attempt += 1) await guess('owner', '198.51.100.3');
    await guess('owner', '198.51.100.3', PASSWORD).expect(429);
    await guess('owner', '203.0.113.50', PASSWORD).expect(200);
  });

  it('from one network at many names is slowed as well', async () => {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 31; attempt += 1) {
      statuses.push((await guess(`nobody${attempt}`, '198.51.100.4')).status);
    }
    expect(statuses.slice(0, 30)).toEqual(Array.from({ length: 30 }, () => 401));
    expect(statuses[30]).toBe(429);
  });

  it('from addresses of one /64 is guessing from one network', async () => {
    await test.addUser(INTERNAL, 'sixth', 'viewer');
    for (let attempt = 1; attempt <= 5; attempt += 1)
      await guess('sixth', `2001:db8::${attempt}`).expect(401);
    await guess('sixth', '2001:db8::ffff').expect(429);
    await guess('sixth', '2001:db8:0:1::1').expect(401);
  });

  it('is counted over restarts and for all instances', async () => {
    await test.addUser(INTERNAL, 'shared', 'viewer');
    const other = await test.startInstance(PROXY);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await guess('shared', '198.51.100.5', 'wrong', attempt % 2 === 0 ? test.app : other).expect(401);
    }
    await guess('shared', '198.51.100.5', 'wrong', other).expect(429);
    const restarted = await test.startInstance(PROXY);
    await guess('shared', '198.51.100.5', 'wrong', restarted).expect(429);
  });

  it('is not what happened when the platform failed: that costs nothing', async () => {
    await test.addUser(INTERNAL, 'unlucky', 'viewer');
    await test.sql('alter table identity.known_networks rename to away');
    for (let attempt = 0; attempt < 8; attempt += 1) {
      expect((await guess('unlucky', '198.51.100.6', PASSWORD)).status).toBeGreaterThanOrEqual(500);
    }
    await test.sql('alter table identity.away rename to known_networks');
    await guess('unlucky', '198.51.100.6', PASSWORD).expect(200);
  });

  it('is not hidden behind a made-up X-Forwarded-For where no proxy is named', async () => {
    await test.addUser(INTERNAL, 'spoofed', 'viewer');
    const direct = await test.startInstance({});
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await guess('spoofed', `192.0.2.${attempt}`, 'wrong', direct).expect(401);
    }
    await guess('spoofed', '192.0.2.99', 'wrong', direct).expect(429);
  });

  it('slows answers to strange networks under attack from many, and not to one the owner knows', async () => {
    await test.addUser(INTERNAL, 'besieged', 'viewer');
    await guess('besieged', '203.0.113.60', PASSWORD).expect(200);
    for (let network = 1; network <= 60; network += 1)
      await guess('besieged', `198.18.0.${network}`).expect(401);
    const timed = async (from: string) => {
      const startedAt = performance.now();
      await guess('besieged', from, PASSWORD).expect(200);
      return performance.now() - startedAt;
    };
    const strange = await timed('203.0.113.61');
    const known = await timed('203.0.113.60');
    expect(strange).toBeGreaterThan(900);
    expect(known).toBeLessThan(strange);
  }, 60_000);
});
