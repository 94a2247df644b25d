import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import autocannon from 'autocannon';
import { freePort, until } from '../../lib/processes.mjs';
import { Service } from '../../lib/services.mjs';
import { buildServices } from '../lib/services.mjs';
import { OURS, toRow } from '../lib/rows.mjs';

const CONNECTIONS = 50;
const SYMBOLS = 175;

/** The whole market over HTTP: the service as it ships, while it takes 1,500 ticks a second. */
export const marketDataRequests = {
  id: 'market-data-requests',
  title: 'GET /api/v1/market-data, 175 symbols, 50 connections',
  async run({ redis, turns, progress }) {
    progress('build');
    await buildServices();
    const directory = await mkdtemp(join(tmpdir(), 'tickbridge-bench-'));
    const started = [];
    try {
      const url = await startMarketData(redis, directory, started);
      const body = Buffer.from(await (await fetch(url)).arrayBuffer());
      const raw = await startRaw(body, started);
      const perSecond = { [OURS]: [], 'raw http': [] };
      const p99 = { [OURS]: [], 'raw http': [] };
      const seconds = Math.max(2, Math.round((turns.sliceMs * 10) / 1_000));
      for (let round = 0; round < 3; round += 1) {
        for (const [name, address] of [
          [OURS, url],
          ['raw http', raw],
        ]) {
          progress(`${name}, round ${round + 1}`);
          const result = await autocannon({ url: address, connections: CONNECTIONS, duration: seconds });
          if (result.non2xx > 0 || result.errors > 0) throw new Error(`${name}: ${result.non2xx} refused`);
          perSecond[name].push(result.requests.average);
          p99[name].push(result.latency.p99);
        }
      }
      const size = `${Math.round(body.length / 1_000)} kB an answer`;
      return [
        toRow({
          id: 'market-data-requests',
          work: `GET /api/v1/market-data, ${SYMBOLS} symbols, ${CONNECTIONS} connections`,
          unit: 'requests/s',
          better: 'more',
          series: perSecond,
          limit: 'raw http',
          goal: { text: '≥ 0.85 of the limit', reached: ({ toLimit }) => toLimit >= 0.85 },
          notes: {
            [OURS]: `${size}; the service as it ships, taking 1,500 ticks/s meanwhile`,
            'raw http': 'node:http with the same answer as a ready buffer, doing nothing else',
          },
        }),
        toRow({
          id: 'market-data-requests-p99',
          work: 'the same, p99',
          unit: 'ms',
          better: 'less',
          series: p99,
          limit: 'raw http',
        }),
      ];
    } finally {
      for (const each of started.toReversed()) await each.stop();
      await rm(directory, { recursive: true, force: true });
    }
  },
};

async function startMarketData(redis, directory, started) {
  const [simulator, port] = [await freePort(), await freePort()];
  const env = {
    ...process.env,
    REDIS_URL: redis.url,
    DATA_DIR: directory,
    SIMULATOR_PORT: String(simulator),
    MARKET_DATA_PORT: String(port),
    LOG_LEVEL: 'warn',
  };
  for (const name of ['feed-simulator', 'market-data']) {
    const service = new Service(name, { env, logDirectory: directory });
    started.push(service);
    await service.start();
  }
  const url = `http://127.0.0.1:${port}/api/v1/market-data`;
  const complete = async () => {
    const answer = await fetch(url)
      .then((response) => response.json())
      .catch(() => undefined);
    return answer?.symbolCount === SYMBOLS;
  };
  await until(complete, { what: 'every symbol traded', timeoutMs: 60_000 });
  return url;
}

/** In a thread of its own: what measures must not be what is measured. */
async function startRaw(body, started) {
  const worker = new Worker(new URL(import.meta.url), { workerData: { body } });
  const port = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  started.push({ stop: () => worker.terminate() });
  return `http://127.0.0.1:${port}/`;
}

async function serveRaw() {
  const { isMainThread, parentPort, workerData } = await import('node:worker_threads');
  if (isMainThread || !workerData?.body) return;
  const body = Buffer.from(workerData.body);
  const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length };
  const server = createServer((_request, response) => response.writeHead(200, headers).end(body));
  server.listen(0, '127.0.0.1', () => parentPort?.postMessage(server.address().port));
}
await serveRaw();
