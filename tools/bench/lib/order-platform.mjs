import { randomUUID } from 'node:crypto';
import { freePort, until } from '../../lib/processes.mjs';
import { startPostgres } from '../../lib/postgres.mjs';
import { Service } from '../../lib/services.mjs';
import { join } from 'node:path';
import { usageOf } from './process-tree.mjs';

const SYMBOLS = 175;
const KEY = 'the-key-of-the-benchmark';
const ACCOUNT = 'PAPER_TRADER_001';
const person = { by: 'benchmark', reason: 'measured' };
/** Round trips that end are projected and samples stored this long after their orders (milliseconds). */
const SETTLE_MS = 1_500;

/** The services that an order goes through, on a simulated feed, with a PostgreSQL of their own that waits for its disk. */
export async function startOrderPlatform(redis, directory, started, progress) {
  progress('PostgreSQL');
  const postgres = await startPostgres(join(directory, 'postgres'));
  started.push(postgres);
  const variables = ['SIMULATOR_PORT', 'MARKET_DATA_PORT', 'ORCHESTRATOR_PORT', 'RISK_MANAGER_PORT'];
  const ports = Object.fromEntries(
    await Promise.all(variables.map(async (name) => [name, String(await freePort())])),
  );
  const env = {
    ...process.env,
    ...ports,
    REDIS_URL: redis.url,
    DATABASE_URL: postgres.url,
    DATA_DIR: directory,
    INTERNAL_API_KEY: KEY,
    LOG_LEVEL: 'warn',
  };
  for (const name of ['feed-simulator', 'market-data', 'risk-manager', 'orchestrator']) {
    progress(name);
    const service = new Service(name, { env, logDirectory: directory });
    started.push(service);
    await service.start();
  }
  const orchestrator = `http://127.0.0.1:${ports.ORCHESTRATOR_PORT}/api/v1`;
  const riskManager = `http://127.0.0.1:${ports.RISK_MANAGER_PORT}/api/v1`;
  const ask = (url, method, body) => call(url, method, body).catch(() => undefined);
  await until(async () => (await ask(`${orchestrator}/accounts`, 'GET'))?.[0]?.trading?.state === 'trading', {
    what: 'the account is traded',
    timeoutMs: 60_000,
  });
  // Only what is measured is to be at work, and none of it to be denied for its number.
  for (const { id } of await call(`${orchestrator}/strategies`, 'GET')) {
    await call(`${orchestrator}/strategies/${id}`, 'PATCH', { enabled: false });
  }
  const limits = {
    maxOrdersPerDay: 1_000_000,
    maxOrdersPerSymbol: 1_000_000,
    maxOrdersPerMinute: 1_000_000,
    maxOrderBurst: 100_000,
    maxOpenOrders: 10_000,
    exitPauseMs: 1,
    losingStreakPauseMs: 1,
    maxLosingStreak: 1_000_000,
    maxDailyLoss: 1e9,
    maxDrawdownPercent: 100,
  };
  await until(async () => await ask(`${riskManager}/risk/limits`, 'PUT', { limits, ...person }), {
    what: 'the limits are raised',
  });
  const market = `http://127.0.0.1:${ports.MARKET_DATA_PORT}/api/v1/market-data`;
  const complete = async () => (await ask(market, 'GET'))?.symbolCount === SYMBOLS;
  await until(complete, { what: 'every symbol has a price', timeoutMs: 60_000 });
  const symbols = (await call(market, 'GET')).data;
  const cheap = Object.values(symbols).filter(
    ({ lastPrice, assetClass }) => lastPrice < 2_000 && assetClass === 'stock',
  );
  return { orchestrator, url: postgres.url, redis, symbols: cheap.map(({ symbol }) => symbol) };
}

/**
 * Orders at a pace, each answered or not: a slow answer does not slow the next wish.
 *
 * @returns {Promise<{ answers: { status: string, code?: string, tookMs: number }[], seconds: number }>} how long it took until the
 * last answer
 */
export async function trade({ orchestrator, symbols }, perSecond, seconds) {
  const answers = [];
  const began = performance.now();
  for (let wish = 0; wish < seconds * perSecond; wish += 1) {
    const dueMs = (wish * 1_000) / perSecond - (performance.now() - began);
    if (dueMs > 0) await new Promise((resolve) => setTimeout(resolve, dueMs));
    // Every symbol is bought and sold in turn, so that what is held stays small.
    const side = Math.floor(wish / symbols.length) % 2 === 0 ? 'BUY' : 'SELL';
    answers.push(placeOne(orchestrator, symbols[wish % symbols.length], side));
  }
  return { answers: await Promise.all(answers), seconds: (performance.now() - began) / 1_000 };
}

/**
 * Processor time that some work costs all processes of the platform, without what they use anyway.
 *
 * @param {() => Promise<{ seconds: number }>} work
 * @returns {Promise<number>} seconds
 */
export async function processorSeconds({ redis }, work) {
  const idle = await used(redis, () => new Promise((resolve) => setTimeout(resolve, 4_000)));
  const busy = await used(redis, async () => {
    await work();
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  });
  return busy.cpuSeconds - (idle.cpuSeconds / idle.seconds) * busy.seconds;
}

async function used(redis, work) {
  const [before, began] = [await cpuSeconds(redis), performance.now()];
  await work();
  return { cpuSeconds: (await cpuSeconds(redis)) - before, seconds: (performance.now() - began) / 1_000 };
}

/** Of everything this process started, and of the Redis that it was given; its own calls do not count. */
async function cpuSeconds({ host, port, password }) {
  const { Redis } = await import('ioredis-6');
  const client = new Redis({ host, port, password });
  try {
    const info = await client.info('cpu');
    const ofRedis = ['user', 'sys'].map((kind) =>
      Number(new RegExp(`used_cpu_${kind}:(\\S+)`).exec(info)?.[1]),
    );
    const own = process.cpuUsage();
    const tree = await usageOf(process.pid);
    return tree.cpuSeconds - (own.user + own.system) / 1e6 + ofRedis[0] + ofRedis[1];
  } finally {
    client.disconnect();
  }
}

async function placeOne(orchestrator, symbol, side) {
  const started = performance.now();
  const order = await call(`${orchestrator}/orders`, 'POST', {
    requestId: randomUUID(),
    accountId: ACCOUNT,
    symbol,
    side,
    type: 'MARKET',
    quantity: 1,
    repeat: true,
    ...person,
  });
  return { status: order.status, code: order.rejection?.code, tookMs: performance.now() - started };
}

async function call(url, method, body) {
  const answer = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
