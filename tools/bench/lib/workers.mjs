import { fork } from 'node:child_process';
import { once } from 'node:events';
import { stopChild } from '../../lib/processes.mjs';

/**
 * Another process with a contestant of its own, doing what a story's `tasks` say.
 *
 * @param {{ story: string, contestant: string, redis: object, use: string, failFast?: boolean }} order `story` is
 * the story's file name
 */
export async function startWorker(order) {
  const child = fork(new URL('worker.mjs', import.meta.url), { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const waiting = new Map();
  let errors = '';
  let next = 0;
  child.stderr.on('data', (chunk) => (errors = (errors + chunk).slice(-4_000)));
  child.on('message', ({ id, result, error }) => {
    const { resolve, reject } = waiting.get(id) ?? {};
    waiting.delete(id);
    if (error === undefined) resolve?.(result);
    else reject?.(new Error(`${order.contestant}: ${error}`));
  });
  child.once('exit', (code, signal) => {
    const reason = new Error(`${order.contestant}'s process ended (${signal ?? code})\n${errors.trim()}`);
    for (const { reject } of waiting.values()) reject(reason);
    waiting.clear();
  });
  const ask = (task, args = {}) =>
    new Promise((resolve, reject) => {
      const id = (next += 1);
      waiting.set(id, { resolve, reject });
      child.send({ id, task, args });
    });
  await ask('open', order);
  return {
    /** Lets the process do a task. @returns {Promise<any>} what the task resolves to */
    ask,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.disconnect();
      const timer = setTimeout(() => void stopChild(child, 'SIGKILL'), 2_000);
      await gone;
      clearTimeout(timer);
    },
  };
}
