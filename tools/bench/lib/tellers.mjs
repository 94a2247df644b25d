import { fork } from 'node:child_process';
import { stopChild } from '../../lib/processes.mjs';

/**
 * Tells a story in a process of its own: what the engine learned from other stories' types, and what they left in
 * memory, would change the figures.
 *
 * @param {{ id: string, redis: object, program: string, size: object }} order
 * @param {(text: string) => void} progress
 * @returns {{ rows: Promise<object[]>, stop: () => Promise<void> }}
 */
export function tell(order, progress) {
  const child = fork(new URL('teller.mjs', import.meta.url), { stdio: ['ignore', 'inherit', 'pipe', 'ipc'] });
  let errors = '';
  child.stderr.on('data', (chunk) => (errors = (errors + chunk).slice(-4_000)));
  const rows = new Promise((resolve, reject) => {
    child.on('message', (message) => {
      if (message.progress !== undefined) progress(message.progress);
      else if (message.rows) resolve(message.rows);
      else reject(new Error(message.error));
    });
    child.once('exit', (code, signal) => {
      reject(new Error(`the story's process ended (${signal ?? code})\n${errors.trim()}`));
    });
  });
  child.send(order);
  return { rows, stop: () => stopChild(child) };
}
