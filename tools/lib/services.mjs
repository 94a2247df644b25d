import { fork } from 'node:child_process';
import { join } from 'node:path';
import { LogFile } from './log-file.mjs';
import { ended, stopChild } from './processes.mjs';
import { ROOT } from './workspace.mjs';

/** Exit status of a service whose environment cannot be used; starting it again would not help. */
export const EXIT_CONFIGURATION = 78;
const RESTART_MIN_MS = 1_000;
const RESTART_MAX_MS = 15_000;
const RECENT_CHARACTERS = 16_000;
/** A service that ran this long starts over with the shortest wait. */
const STEADY_AFTER_MS = 60_000;

/**
 * Five services share one machine: young generations are small, and old ones are collected early because they may not
 * grow large. Whoever keeps thousands of symbols sets another `--max-old-space-size` in NODE_OPTIONS.
 */
function memoryFlags({ NODE_OPTIONS = '' }) {
  const flags = ['--max-semi-space-size=4', '--max-old-space-size=512'];
  return flags.filter((flag) => !NODE_OPTIONS.includes(flag.split('=')[0].slice(2)));
}

/** One service as a process of its own, started again when it ends without having been asked to. */
export class Service {
  #child;
  #log;
  /** The end of what the running process wrote, whether or not there was room for it in the log. */
  #recent = '';
  #stopping = false;
  #waitMs = RESTART_MIN_MS;

  /**
   * @param {string} name folder of the app
   * @param {{ env: object, logDirectory: string, onMessage?: (message: object) => void, onExit?: (event: object) => void,
   *   onDroppedLines?: (lines: number, reason: string) => void }} options
   */
  constructor(name, options) {
    this.name = name;
    this.options = options;
    this.logFile = join(options.logDirectory, `${name}.log`);
  }

  get pid() {
    return this.#child?.pid;
  }

  async start() {
    this.#log ??= new LogFile(this.logFile, { onRecovery: this.options.onDroppedLines });
    this.#spawn();
  }

  async stop() {
    this.#stopping = true;
    if (this.#child) await stopChild(this.#child, 'SIGTERM', 12_000);
    await this.#log?.close();
  }

  /** The last lines the service wrote since it was started. */
  tail(lines = 15) {
    return this.#recent.trimEnd().split('\n').slice(-lines).join('\n');
  }

  #spawn() {
    const startedAt = Date.now();
    // The channel of a forked process also tells the service when this process is gone.
    const child = fork(join(ROOT, 'dist/apps', this.name, 'main.mjs'), [], {
      cwd: ROOT,
      env: this.options.env,
      execArgv: ['--enable-source-maps', ...memoryFlags(this.options.env)],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Ctrl-C reaches the whole group of the terminal; services are stopped in order by their starter instead.
      detached: true,
    });
    this.#child = child;
    this.#recent = '';
    for (const stream of [child.stdout, child.stderr]) {
      // Always read on: a service whose output nobody takes would wait for it.
      stream.on('data', (chunk) => {
        this.#recent = (this.#recent + chunk).slice(-RECENT_CHARACTERS);
        this.#log.write(chunk);
      });
    }
    child.on('message', (message) => this.options.onMessage?.(message));
    child.once('exit', (code, signal) => {
      if (this.#stopping) return;
      if (Date.now() - startedAt > STEADY_AFTER_MS) this.#waitMs = RESTART_MIN_MS;
      const waitMs = this.#waitMs;
      this.#waitMs = Math.min(this.#waitMs * 2, RESTART_MAX_MS);
      this.options.onExit?.({ service: this, code, signal, waitMs, restart: () => this.#restart(waitMs) });
    });
  }

  #restart(waitMs) {
    setTimeout(() => {
      if (!this.#stopping && ended(this.#child)) this.#spawn();
    }, waitMs);
  }
}

/** What `/health/ready` of this very service answers, or undefined while it does not. */
export async function readiness(name, port) {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health/ready`, {
      signal: AbortSignal.timeout(2_000),
    });
    const state = response.ok ? await response.json() : undefined;
    return state?.service === name ? state : undefined;
  } catch {
    return undefined;
  }
}
