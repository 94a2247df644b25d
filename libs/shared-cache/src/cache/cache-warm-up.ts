import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { CacheNamespace } from './cache.namespace';
import { CacheService } from './cache.service';

/** Loads in flight at the same time. */
const AT_ONCE = 8;

/** What a service wants in the cache before anybody asks. */
export interface WarmUp<T> {
  readonly namespace: CacheNamespace<T>;
  /** The keys, asked for when the service starts. */
  keys(): readonly string[] | Promise<readonly string[]>;
  load(key: string): Promise<T | undefined>;
}

/** How far the warm-up of a namespace is. */
export interface WarmUpProgress {
  readonly namespace: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  /** `undefined` until the keys are known. */
  readonly keys: number | undefined;
  readonly done: number;
  readonly failed: number;
}

/**
 * Fills the cache when the service starts, in the background: a service is ready without it.
 *
 * Declare in a provider's constructor; what is declared later starts at once. A key another process loaded already is
 * not loaded again.
 */
@Injectable()
export class CacheWarmUp implements OnApplicationBootstrap {
  private readonly logger = new Logger('Cache');
  private readonly runs: WarmUpRun[] = [];
  private started = false;

  constructor(private readonly cache: CacheService) {}

  declare<T>(warmUp: WarmUp<T>): void {
    const run = new WarmUpRun(this.cache, warmUp, this.logger);
    this.runs.push(run);
    if (this.started) void run.start();
  }

  /** Of every declared namespace. */
  get progress(): readonly WarmUpProgress[] {
    return this.runs.map((run) => run.progress);
  }

  onApplicationBootstrap(): void {
    this.started = true;
    for (const run of this.runs) void run.start();
  }
}

class WarmUpRun {
  private state: WarmUpProgress['state'] = 'waiting';
  private keys: readonly string[] | undefined;
  private done = 0;
  private failed = 0;

  constructor(
    private readonly cache: CacheService,
    private readonly warmUp: WarmUp<unknown>,
    private readonly logger: Logger,
  ) {}

  get progress(): WarmUpProgress {
    const { state, done, failed } = this;
    return { namespace: this.warmUp.namespace.name, state, keys: this.keys?.length, done, failed };
  }

  async start(): Promise<void> {
    const { name } = this.warmUp.namespace;
    this.state = 'running';
    try {
      this.keys = [...new Set(await this.warmUp.keys())];
    } catch (error) {
      this.state = 'failed';
      this.logger.warn(`${name}: not warmed up, its keys are not known: ${(error as Error).message}`);
      return;
    }
    const waiting = this.keys.values();
    await Promise.all(Array.from({ length: AT_ONCE }, () => this.loadAll(waiting)));
    this.state = this.failed > 0 && this.done === 0 ? 'failed' : 'done';
    this.logger.log(`${name}: ${this.done} of ${this.keys.length} keys warmed up`);
  }

  private async loadAll(keys: Iterator<string>): Promise<void> {
    const { namespace } = this.warmUp;
    for (let next = keys.next(); next.done !== true; next = keys.next()) {
      const key = next.value;
      try {
        await this.cache.getOrSet(namespace, key, () => this.warmUp.load(key));
        this.done += 1;
      } catch (error) {
        this.failed += 1;
        this.logger.debug(`${namespace.name}: ${key} not warmed up: ${(error as Error).message}`);
      }
    }
  }
}
