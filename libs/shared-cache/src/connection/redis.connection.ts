import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { clockRemark, type DependencyHealth, type RedisStatus, toIso } from '@tickbridge/contracts';
import { Redis, type RedisOptions, ReplyError } from 'ioredis';
import { type Observable, Subject } from 'rxjs';
import { RedisUnavailableError } from '../contract/shared-cache.errors';
import { SharedCacheSettings } from '../contract/shared-cache.options';
import { Breaker } from './breaker';
import { withDeadline } from './deadline';
import { DeadlineQueue } from './deadline-queue';
import { ForeignInstallationError, InstallationClaim } from './installation-claim';
import { Refusals } from './refusals';
import { Rejections } from './rejections';
import { readServerFigures } from './server-figures';
import { Subscriptions } from './subscriptions';

/** An operation ends within this time, whatever Redis does, unless the options say otherwise (milliseconds). */
const OPERATION_DEADLINE_MS = 45;
const PROBE_INTERVAL_MS = 200;
const PROBE_DEADLINE_MS = 150;
/** Without an answer to a probe for so long Redis is away: a short stall is none (milliseconds). */
const AWAY_AFTER_MS = 400;
/** A connection whose probes stay unanswered this long is thrown away (milliseconds). */
const HUNG_AFTER_MS = 1_500;
const RECONNECT_MAX_MS = 500;

/** A slower answer tells the server's time too roughly (milliseconds), unless the last good one is this old. */
const GOOD_ROUND_TRIP_MS = 2;
const TIME_KEPT_MS = 5_000;

/** The server's clock and this process's steady clock at the same moment (milliseconds). */
export interface ServerTime {
  readonly serverMs: number;
  readonly steadyMs: number;
  /** How far apart the two moments may be. */
  readonly uncertaintyMs: number;
}

/**
 * This process's connections to Redis: one for commands, one for subscriptions.
 *
 * Every command goes through `run`, which keeps callers away from a server that does not answer. A probe
 * notices loss and return; nothing has to be restarted.
 */
@Injectable()
export class RedisConnection implements OnModuleInit, OnApplicationShutdown {
  /** Id of this platform; empty when there is no need to tell it from others. */
  readonly installation: string;
  /** What every key and channel of this platform begins with. ioredis adds it to keys by itself. */
  readonly keyPrefix: string;
  /** What was found in Redis and could not be used. */
  readonly rejections: Rejections;
  /** Channels heard by this process. */
  readonly subscriptions: Subscriptions | undefined;
  /** The server's clock, read with each probe that was answered quickly. */
  readonly serverTime$ = new Subject<ServerTime>();
  private timeReadAt = Number.NEGATIVE_INFINITY;
  /** The server's clock less the steady one of this process (ms). */
  private serverAheadOfSteadyMs: number | null = null;
  private readonly logger = new Logger('Redis');
  private readonly breaker = new Breaker();
  private readonly refusals = new Refusals(this.logger);
  private readonly operationDeadlineMs: number;
  private readonly deadlines: DeadlineQueue;
  private readonly command: Redis | undefined;
  private readonly claim: InstallationClaim | undefined;
  private probeTimer: NodeJS.Timeout | undefined;
  private probing = false;
  /** Whether the last probe found a connection on which Redis is not ready yet. */
  private greeted = false;
  private answeredAt = Date.now();
  private lastError: string | null = null;
  /** Whether the log says that Redis is away. */
  private toldAway = false;
  private latencyMs: number | null = null;

  constructor(settings: SharedCacheSettings) {
    const {
      redis,
      service,
      installation = '',
      metrics,
      operationDeadlineMs = OPERATION_DEADLINE_MS,
    } = settings.value;
    this.installation = installation;
    this.keyPrefix = redis?.keyPrefix ?? '';
    this.rejections = new Rejections(metrics);
    this.operationDeadlineMs = operationDeadlineMs;
    this.deadlines = new DeadlineQueue(operationDeadlineMs);
    if (!redis) return;
    this.command = this.connect(redis, { connectionName: service, enableOfflineQueue: false });
    this.subscriptions = new Subscriptions(
      (own) => this.connect(redis, { connectionName: `${service}-subscriber`, ...own }),
      this.rejections,
    );
    this.claim = new InstallationClaim(installation, this.command);
    this.command.on('close', () => this.lost());
    this.command.on('ready', () => {
      this.answeredAt = Date.now();
      void this.probe();
    });
  }

  get configured(): boolean {
    return this.command !== undefined;
  }

  /** Name of a channel as it is on the wire. */
  channel(name: string): string {
    return this.keyPrefix + name;
  }

  /** Whether calls go through to Redis at the moment. */
  get available(): boolean {
    return this.breaker.state === 'closed';
  }

  /** `available`, now and on each change. */
  get available$(): Observable<boolean> {
    return this.breaker.available$;
  }

  /** The command connection itself, for set-up that must happen on it (client tracking). */
  get commandClient(): Redis | undefined {
    return this.command;
  }

  /**
   * Runs one operation against Redis.
   *
   * @param deadlineMs longest wait (milliseconds); raise it only for bulk work off the hot path
   * @throws RedisUnavailableError at once while Redis is away; RedisDeadlineError when it does not answer in time;
   * RedisRefusedError when it answers and refuses
   */
  run<T>(operation: (redis: Redis) => Promise<T>, deadlineMs = this.operationDeadlineMs): Promise<T> {
    if (!this.command || this.breaker.state !== 'closed') return Promise.reject(this.unavailable());
    const work = operation(this.command);
    const waited =
      deadlineMs === this.operationDeadlineMs ? this.deadlines.wait(work) : withDeadline(work, deadlineMs);
    return waited.then<T, never>(this.succeeded, this.failed);
  }

  onModuleInit(): void {
    if (!this.command) {
      this.logger.warn('no Redis is configured: running in fallback mode');
      return;
    }
    this.probeTimer = setInterval(() => void this.probe(), PROBE_INTERVAL_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.probeTimer);
    this.toldAway = true;
    this.command?.disconnect();
    this.subscriptions?.close();
  }

  /**
   * This machine's clock less the server's (ms); `null` before it was measured. It is right at once when this machine's
   * clock is set.
   */
  get clockOffsetMs(): number | null {
    return this.serverAheadOfSteadyMs === null
      ? null
      : Date.now() - (performance.now() + this.serverAheadOfSteadyMs);
  }

  /** Up, or degraded with the reason: no part of the platform needs Redis to go on. */
  health(): DependencyHealth {
    const clockOffsetMs = this.clockOffsetMs;
    const reach = this.reach();
    if (clockOffsetMs === null || !this.available) return reach;
    const remark = clockRemark(clockOffsetMs, "Redis'");
    const health: DependencyHealth =
      remark === null || reach.status !== 'up' ? reach : { status: 'degraded', detail: remark };
    return { ...health, clockOffsetMs: Math.round(clockOffsetMs) };
  }

  private reach(): DependencyHealth {
    const refused = this.available ? this.refusals.current : undefined;
    if (refused !== undefined) return { status: 'degraded', detail: `refuses commands: ${refused}` };
    if (this.available) return { status: 'up' };
    if (!this.configured) return { status: 'degraded', detail: 'no Redis is configured: fallback mode' };
    return { status: 'degraded', detail: `not reachable: ${this.lastError ?? 'connecting'}` };
  }

  /** What is known about Redis from here, including its own figures while it answers. */
  async status(): Promise<RedisStatus> {
    const server = this.available
      ? await this.run((redis) => readServerFigures(redis), 500).catch((error: Error) => {
          this.lastError = error.message;
          return null;
        })
      : null;
    return { ...this.state(), server };
  }

  /** The part of `status` that needs no question to the server. */
  state(): Omit<RedisStatus, 'server'> {
    return {
      configured: this.configured,
      connected: this.available,
      breaker: this.breaker.state,
      since: this.breaker.changedAt === null ? null : toIso(this.breaker.changedAt),
      lastError: this.lastError,
      latencyMs: this.latencyMs,
    };
  }

  private readonly succeeded = <T>(result: T): T => {
    this.breaker.succeeded();
    return result;
  };

  private readonly failed = (error: Error): never => {
    // A refused command is an answer: the server lives.
    const told = error instanceof ReplyError ? this.refusals.note(error) : error;
    this.lastError = told.message;
    if (told === error) this.breaker.failed();
    throw told;
  };

  private unavailable(): RedisUnavailableError {
    return new RedisUnavailableError(
      this.command
        ? 'Redis is not reachable at the moment'
        : 'no Redis is configured (REDIS_URL or REDIS_HOST)',
    );
  }

  private connect(options: RedisOptions, own: RedisOptions): Redis {
    const client = new Redis({
      maxRetriesPerRequest: 1,
      disconnectTimeout: 200,
      connectTimeout: 1_000,
      retryStrategy: (attempt) => Math.min(50 * attempt, RECONNECT_MAX_MS),
      ...options,
      ...own,
    });
    // Without a listener an error event would end the process. Outages are logged once, when Redis is found to be away.
    client.on('error', (error: Error) => {
      this.lastError = error.message;
    });
    return client;
  }

  private async probe(): Promise<void> {
    if (!this.command || this.probing) return;
    if (this.command.status !== 'ready') return this.awaitReady();
    this.greeted = false;
    this.probing = true;
    this.breaker.probing();
    const asked = performance.now();
    try {
      const answer = Promise.all([this.command.ping(), this.command.time()]);
      answer
        .then(() => (this.answeredAt = Date.now()))
        .catch(() => undefined)
        .finally(() => (this.probing = false));
      const [, time] = await withDeadline(answer, PROBE_DEADLINE_MS);
      await this.claim?.renew();
      const roundTripMs = performance.now() - asked;
      this.latencyMs = Math.round(roundTripMs * 1_000) / 1_000;
      this.tellTime(time, asked, roundTripMs);
      this.answeredAt = Date.now();
      if (!this.available) this.logger.log('Redis answers');
      this.toldAway = false;
      this.breaker.succeeded();
    } catch (error) {
      this.lastError = (error as Error).message;
      // An answer that refuses (still loading, wrong password) is as good as none, and comes at once.
      const refused = error instanceof ReplyError || error instanceof ForeignInstallationError;
      if (refused || this.command.status !== 'ready') this.lost();
      await this.awaitAnswer();
    }
  }

  /** Connected: what follows takes no time, unless the server reads its data first or hangs. */
  private awaitReady(): void {
    if (this.command?.status !== 'connect') return;
    if (this.greeted) {
      this.lastError =
        'connected, but it is not ready: it still reads its data from disk (LOADING), or hangs';
      this.lost();
    }
    this.greeted = true;
  }

  private tellTime([seconds, microseconds]: (number | string)[], asked: number, roundTripMs: number): void {
    // The first answer after an outage counts however slow it was: the server may be another one.
    const due = !this.available || asked - this.timeReadAt > TIME_KEPT_MS;
    if (roundTripMs > GOOD_ROUND_TRIP_MS && !due) return;
    this.timeReadAt = asked;
    const serverMs = Number(seconds) * 1_000 + Number(microseconds) / 1_000;
    this.serverAheadOfSteadyMs = serverMs - (asked + roundTripMs / 2);
    this.serverTime$.next({ serverMs, steadyMs: asked + roundTripMs / 2, uncertaintyMs: roundTripMs / 2 });
  }

  private lost(): void {
    if (!this.toldAway) this.logger.warn(`Redis is away: ${this.lastError ?? 'connection closed'}`);
    this.toldAway = true;
    this.breaker.open();
    this.latencyMs = null;
  }

  /** A server that was paused or cut off without a word leaves sockets behind that never fail by themselves. */
  private async awaitAnswer(): Promise<void> {
    while (this.probing && this.command?.status === 'ready') {
      const silentMs = Date.now() - this.answeredAt;
      if (silentMs > AWAY_AFTER_MS) this.lost();
      if (silentMs > HUNG_AFTER_MS) {
        this.command.disconnect(true);
        this.subscriptions?.reconnect();
        this.probing = false;
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, PROBE_INTERVAL_MS / 2));
    }
  }
}
