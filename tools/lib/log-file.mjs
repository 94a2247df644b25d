import { existsSync } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

const MAX_BYTES = 20 * 1024 * 1024;
const MAX_AGE_MS = 24 * 3_600_000;
/** Files that were rotated are kept this many at most, and this long (milliseconds). */
const MAX_FILES = 7;
const KEEP_MS = 14 * 24 * 3_600_000;
/** What waits to be written is bounded: beyond that lines are dropped (bytes). */
const MAX_WAITING_BYTES = 1024 * 1024;
/** After a failed write the next one is tried this much later (milliseconds). */
const RETRY_MS = 1_000;
const LF = 0x0a;

/**
 * A log on a disk that may be full.
 *
 * It is continued over restarts, and rotated by size and age (`<name>.1` is the newest of the old ones). Whoever writes
 * never waits and never fails: what cannot be written is dropped and counted, and the count is told and written once
 * there is room again. (A stream, also one of a library, ends at its first error.)
 */
export class LogFile {
  /** Lines dropped since the last one that was written. */
  dropped = 0;
  #file;
  #size = 0;
  #openedOn = 0;
  #waiting = [];
  #waitingBytes = 0;
  #torn = false;
  #work = Promise.resolve();
  #busy = false;
  #retryAt = 0;

  /**
   * @param {string} path
   * @param {{ onRecovery?: (dropped: number, reason: string) => void, maxBytes?: number, maxAgeMs?: number,
   *   maxFiles?: number, keepMs?: number, now?: () => number }} options
   */
  constructor(path, options = {}) {
    this.path = path;
    this.options = {
      maxBytes: MAX_BYTES,
      maxAgeMs: MAX_AGE_MS,
      maxFiles: MAX_FILES,
      keepMs: KEEP_MS,
      ...options,
    };
    this.now = options.now ?? Date.now;
  }

  /** @param {Buffer} chunk */
  write(chunk) {
    if (this.#waitingBytes + chunk.length > MAX_WAITING_BYTES) {
      this.dropped += linesIn(chunk);
      return;
    }
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#busy) return;
    this.#busy = true;
    this.#work = this.#flush().finally(() => (this.#busy = false));
  }

  /** Resolves once all that was taken is written or dropped. */
  async written() {
    await this.#work;
  }

  /** Writes what waits, and lets go of the file. */
  async close() {
    await this.#work;
    await this.#letGo();
  }

  async #flush() {
    while (this.#waiting.length > 0) {
      const bytes = Buffer.concat(this.#waiting);
      this.#waiting = [];
      this.#waitingBytes = 0;
      if (this.now() < this.#retryAt) {
        this.dropped += linesIn(bytes);
        continue;
      }
      try {
        await this.#put(bytes);
      } catch (error) {
        this.reason = error.code ?? error.message;
        this.dropped += linesIn(bytes);
        this.#retryAt = this.now() + RETRY_MS;
        await this.#letGo();
      }
    }
  }

  async #put(bytes) {
    if (this.#file && (this.#size > this.options.maxBytes || this.#isOld())) await this.#letGo();
    if (!this.#file) await this.#open();
    // A write may have ended in the middle of a line when the disk was full.
    if (this.#torn) await this.#append(Buffer.from('\n'));
    this.#torn = false;
    const { dropped, reason } = this;
    if (dropped > 0) {
      const line = { level: 'warn', time: new Date(this.now()).toISOString(), dropped, reason };
      await this.#append(Buffer.from(`${JSON.stringify({ ...line, msg: 'log lines were dropped' })}\n`));
      this.dropped -= dropped;
      this.options.onRecovery?.(dropped, reason ?? 'they came faster than they could be written');
    }
    await this.#append(bytes);
  }

  async #append(bytes) {
    let at = 0;
    while (at < bytes.length) {
      const { bytesWritten } = await this.#file.write(bytes, at);
      at += bytesWritten;
      this.#size += bytesWritten;
      if (bytesWritten > 0) this.#torn = bytes[at - 1] !== LF;
    }
  }

  async #open() {
    await mkdir(dirname(this.path), { recursive: true });
    if (existsSync(this.path)) {
      const { size, birthtimeMs } = await stat(this.path);
      this.#size = size;
      this.#openedOn = birthtimeMs;
      if (size > this.options.maxBytes || this.#isOld()) await this.#rotate();
    }
    this.#file = await open(this.path, 'a');
    const { size, birthtimeMs } = await this.#file.stat();
    this.#size = size;
    this.#openedOn = birthtimeMs;
  }

  #isOld() {
    return this.now() - this.#openedOn > this.options.maxAgeMs;
  }

  async #letGo() {
    const file = this.#file;
    this.#file = undefined;
    // Closing may be what reports the failed write; that is counted already.
    await file?.close().catch((error) => (this.reason = error.code));
  }

  async #rotate() {
    const { maxFiles, keepMs } = this.options;
    for (let number = maxFiles; number >= 1; number -= 1) {
      const from = number === 1 ? this.path : `${this.path}.${number - 1}`;
      if (existsSync(from)) await rename(from, `${this.path}.${number}`);
    }
    for (let number = 1; number <= maxFiles; number += 1) {
      const file = `${this.path}.${number}`;
      if (existsSync(file) && this.now() - (await stat(file)).mtimeMs > keepMs) await rm(file);
    }
  }
}

function linesIn(bytes) {
  let lines = 0;
  for (const byte of bytes) if (byte === LF) lines += 1;
  return Math.max(lines, 1);
}
