// npm run bench: Tickbridge against its peers. Works before anything is installed. docs/benchmarks.md
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { arch, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { checkNode, install } from '../lib/install.mjs';
import { run } from '../lib/processes.mjs';
import { findOrInstallServer, startServer } from '../lib/redis.mjs';
import { bold, dim, red, step, UserError } from '../lib/report.mjs';
import { ROOT } from '../lib/workspace.mjs';
import { BENCH } from './lib/folder.mjs';
import { installPeers } from './lib/install.mjs';
import { HELP, readOptions } from './lib/options.mjs';
import { buildPlatform, versionOf } from './lib/platform.mjs';
import { addressOf } from './lib/redis.mjs';
import { printTable, toMarkdown } from './lib/table.mjs';
import { tell } from './lib/tellers.mjs';

const workDir = await mkdtemp(join(tmpdir(), 'tickbridge-bench-'));
/** What was started, and how to stop it. */
const started = [{ stop: () => rm(workDir, { recursive: true, force: true }) }];
let stopped;
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => void stop().then(() => process.exit(130)));

let status = 1;
try {
  await main(readOptions(process.argv.slice(2)));
  status = 0;
} catch (error) {
  console.error(`\n${red('Failed.')} ${error instanceof UserError ? error.message : (error.stack ?? error)}`);
} finally {
  await stop();
}
process.exit(status);

async function main({ help, list, only, quick, size }) {
  if (help) {
    console.log(HELP);
    return;
  }
  checkNode();
  await step('packages', install);
  await step('peers', installPeers);
  const { STORIES } = await import('./stories/index.mjs');
  if (list) {
    for (const { id, title } of STORIES) console.log(`  ${id.padEnd(20)} ${title}`);
    return;
  }
  const unknown = only?.filter((id) => !STORIES.some((story) => story.id === id)) ?? [];
  if (unknown.length > 0) {
    throw new UserError(
      `No story named ${unknown.join(', ')}. There are: ${STORIES.map(({ id }) => id).join(', ')}.`,
    );
  }
  const stories = STORIES.filter(({ id }) => !only || only.includes(id));
  await step('build', buildPlatform);
  const server = await step('Redis', async () => {
    const program = await findOrInstallServer();
    if (!program) throw new UserError('The benchmarks need redis-server or valkey-server on the path.');
    const redis = await startServer(program.path, workDir, { durable: false });
    started.push(redis);
    return { redis: addressOf(redis.url), program: program.path };
  });
  console.log(`\n${bold('Tickbridge benchmarks')}${quick ? dim(' (short run: not to be quoted)') : ''}`);
  const conditions = await readConditions(server.redis, size);
  const rows = [];
  for (const story of stories) rows.push(...(await step(story.title, () => tellOn(server, story, size))));
  printTable(rows);
  await write({ ...conditions, quick, rows });
}

/** Runs one story on an empty Redis. */
async function tellOn({ redis, program }, story, size) {
  await withClient(redis, (client) => client.flushall());
  const telling = tell({ id: story.id, redis, program, size }, (text) => progress(story, text));
  started.push(telling);
  return telling.rows;
}

function progress({ title }, text) {
  if (process.stdout.isTTY) process.stdout.write(`\r\u001b[2K  ${dim(`… ${title}: ${text}`)}`);
}

async function write(report) {
  const folder = join(BENCH, 'results');
  await mkdir(folder, { recursive: true });
  const name = report.date.replaceAll(':', '-').slice(0, 19);
  await writeFormatted(join(folder, `${name}.json`), JSON.stringify(report));
  await writeFormatted(join(folder, `${name}.md`), toMarkdown(report.rows));
  console.log(`\nWritten to tools/bench/results/${name}.json, and as a table to ${name}.md`);
}

/** As the workspace wants its files: its format check sees these too. */
async function writeFormatted(file, text) {
  const { format, resolveConfig } = await import('prettier');
  await writeFile(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
}

async function readConditions(redis, { rounds, sliceMs }) {
  const { CONTESTANTS } = await import('./contestants/index.mjs');
  const info = await withClient(redis, (client) => client.info('server'));
  const peers = ['bentocache', 'cacheable', 'cache-manager', 'cache-manager-redis-yet', 'redis', 'lru-cache'];
  return {
    date: new Date().toISOString(),
    commit: await commit(),
    machine: `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${arch()}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    node: process.version,
    redis: /redis_version:(\S+)/.exec(info)?.[1],
    rounds,
    sliceMs,
    versions: {
      ioredis: await versionOf('ioredis', ROOT),
      ...Object.fromEntries(
        await Promise.all(peers.map(async (name) => [name, await versionOf(name, BENCH)])),
      ),
    },
    setUps: Object.fromEntries(CONTESTANTS.map(({ name, setUp }) => [name, setUp])),
  };
}

/** Commit of the sources, marked where files differ from it; null outside a repository. */
async function commit() {
  try {
    const hash = (await run('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT })).trim();
    const changed = await run('git', ['status', '--porcelain', 'libs'], { cwd: ROOT });
    return changed ? `${hash} and changes` : hash;
  } catch {
    // Sources need not lie in a repository.
    return null;
  }
}

async function withClient({ host, port, password }, work) {
  const { Redis } = await import('ioredis-6');
  const client = new Redis({ host, port, password });
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}

async function stop() {
  if (stopped) return;
  stopped = true;
  for (const part of started.reverse()) {
    await Promise.resolve(part.stop()).catch((error) => console.error(error.message));
  }
}
