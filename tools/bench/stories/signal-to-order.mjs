import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, until } from '../../lib/processes.mjs';
import { startPostgres } from '../../lib/postgres.mjs';
import { Service } from '../../lib/services.mjs';
import { buildServices } from '../lib/services.mjs';
import { OURS, toRow } from '../lib/rows.mjs';
import { percentile } from '../lib/statistics.mjs';

const PER_SECOND = 50;
const SYMBOLS = 175;
const ROUNDS = 3;
const KEY = 'the-key-of-the-benchmark';
const ACCOUNT = 'PAPER_TRADER_001';
const person = { by: 'benchmark', reason: 'measured' };

/**
 * From the wish to the filled paper order, by the services as they ship: signal stored, order stored, risk check over
 * Redis, submission stored, taken and filled by the paper broker, fill, position and cash stored.
 */
export const signalToOrder = {
  id: 'signal-to-order',
  title: `signal to accepted paper order, ${PER_SECOND}/s`,
  async run({ redis, turns, progress }) {
    progress('build');
    await buildServices();
    const directory = await mkdtemp(join(tmpdir(), 'tickbridge-bench-'));
    const started = [];
    try {
      const platform = await startPlatform(redis, directory, started, progress);
      const seconds = Math.max(4, Math.round((turns.sliceMs * 20) / 1_000));
      await trade(platform, 3);
      const p50 = [];
      const p99 = [];
      let denied = 0;
      let count = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        progress(`round ${round + 1}`);
        const answers = await trade(platform, seconds);
        const filled = answers.filter(({ status }) => status === 'Filled' || status === 'PartiallyFilled');
        denied += answers.length - filled.length;
        count += filled.length;
        const took = filled.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
        p50.push(percentile(took, 0.5));
        p99.push(percentile(took, 0.99));
      }
      const notes = {
        [OURS]: `${count} orders over HTTP with the risk check over Redis and PostgreSQL that waits for its disk, while the feed runs at 1,500 ticks/s; ${denied} denied and not counted`,
      };
      const common = { unit: 'ms', better: 'less', notes };
      return [
        toRow({
          ...common,
          id: 'signal-to-order',
          work: `signal to accepted paper order at ${PER_SECOND}/s, p50`,
          series: { [OURS]: p50 },
          goal: { text: '≤ 10 ms', reached: ({ ours }) => ours <= 10 },
        }),
        toRow({
          ...common,
          id: 'signal-to-order-p99',
          work: 'the same, p99',
          series: { [OURS]: p99 },
          goal: { text: '≤ 40 ms', reached: ({ ours }) => ours <= 40 },
        }),
      ];
    } finally {
      for (const each of started.toReversed()) await each.stop();
      await rm(directory, { recursive: true, force: true });
    }
  },
};

async function startPlatform(redis, directory, started, progress) {
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
  return { orchestrator, symbols: cheap.map(({ symbol }) => symbol) };
}

/** Orders at the pace of the benchmark, each answered or not: a slow answer does not slow the next wish. */
async function trade({ orchestrator, symbols }, seconds) {
  const answers = [];
  const began = performance.now();
  for (let wish = 0; wish < seconds * PER_SECOND; wish += 1) {
    const dueMs = (wish * 1_000) / PER_SECOND - (performance.now() - began);
    if (dueMs > 0) await new Promise((resolve) => setTimeout(resolve, dueMs));
    answers.push(placeOne(orchestrator, symbols[wish % symbols.length], wish));
  }
  return Promise.all(answers);
}

async function placeOne(orchestrator, symbol, wish) {
  const started = performance.now();
  const order = await call(`${orchestrator}/orders`, 'POST', {
    requestId: randomUUID(),
    accountId: ACCOUNT,
    symbol,
    side: wish % 2 === 0 ? 'BUY' : 'SELL',
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
