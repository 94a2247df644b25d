import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, stopChild, until } from '../../lib/processes.mjs';
import { ROOT } from '../../lib/workspace.mjs';
import { usageOf } from '../lib/process-tree.mjs';
import { OURS, toRow } from '../lib/rows.mjs';

const PORTS = [
  'SIMULATOR_PORT',
  'MARKET_DATA_PORT',
  'DASHBOARD_PORT',
  'ORCHESTRATOR_PORT',
  'RISK_MANAGER_PORT',
];

const OF_OTHERS = ['REDIS_URL', 'REDIS_HOST', 'DATABASE_URL', 'FEED'];

/** Everything `npm start` starts, with the simulated feed: how long it takes, how much it holds, how much it works. */
export const wholePlatform = {
  id: 'whole-platform',
  title: 'the whole platform, simulated feed',
  async run({ times, progress }) {
    if (platform() !== 'linux') throw new Error('processes are counted by Linux alone');
    const directory = await mkdtemp(join(tmpdir(), 'tickbridge-bench-'));
    const began = performance.now();
    const child = spawn(process.execPath, ['tools/start.mjs'], { cwd: ROOT, env: await ownEnv(directory) });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    try {
      progress('starting');
      await until(() => output.includes('Tickbridge is running') || child.exitCode !== null, {
        timeoutMs: 180_000,
        what: 'the platform is running',
      });
      if (child.exitCode !== null) throw new Error(`it did not start:\n${output}`);
      const startSeconds = (performance.now() - began) / 1_000;
      progress('running');
      await sleep(times(120) * 1_000);
      const before = await usageOf(child.pid);
      const seconds = times(30);
      await sleep(seconds * 1_000);
      const after = await usageOf(child.pid);
      return rowsOf({
        startSeconds,
        residentMb: after.residentMb,
        cpuPercent: ((after.cpuSeconds - before.cpuSeconds) / seconds) * 100,
      });
    } finally {
      await stopChild(child, 'SIGINT', 30_000);
      await rm(directory, { recursive: true, force: true });
    }
  },
};

/** Servers and addresses of its own, whatever else runs on this machine. */
async function ownEnv(directory) {
  const inherited = Object.entries(process.env).filter(([name]) => !OF_OTHERS.includes(name));
  const ports = await Promise.all(PORTS.map(async (name) => [name, String(await freePort())]));
  return {
    ...Object.fromEntries([...inherited, ...ports]),
    DATA_DIR: directory,
    ADMIN_PASSWORD: 'of-the-benchmark',
  };
}

function rowsOf({ startSeconds, residentMb, cpuPercent }) {
  const row = (id, work, unit, figure, atMost) =>
    toRow({
      id,
      work,
      unit,
      better: 'less',
      series: { [OURS]: [figure] },
      goal: { text: `≤ ${atMost} ${unit}`, reached: ({ ours }) => ours <= atMost },
    });
  return [
    row('platform-memory', 'whole platform, 175 symbols at 1,500 ticks/s: memory', 'MB', residentMb, 700),
    row('platform-cpu', 'the same: processor time, percent of one core', '%', cpuPercent, 60),
    row('platform-start', 'the same: start until it runs, packages installed', 's', startSeconds, 25),
  ];
}
