import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Subject } from '@tickbridge/contracts';
import type { RedisOptions } from 'ioredis';
import { firstValueFrom, timeout } from 'rxjs';
import type { BusSecurity } from './bus-security';
import { redisTransportOptions } from './redis-transport.options';
import { ResilientRedisClient } from './resilient-redis.client';

/** No Redis is configured, so nothing can be sent over it. Take the HTTP way. */
export class BusUnavailableError extends Error {
  readonly code = 'BUS_UNAVAILABLE';
}

/** Messages between the services over Nest's Redis transport. */
@Injectable()
export class ServiceBus implements OnApplicationShutdown {
  private readonly logger = new Logger(ServiceBus.name);
  private readonly client: ResilientRedisClient | undefined;
  /** Events that could not be sent since start; readers catch up over HTTP. */
  private lost = 0;

  constructor(redis: RedisOptions | undefined, security: BusSecurity) {
    this.client = redis && new ResilientRedisClient(redisTransportOptions(redis), security);
  }

  /** Announces an event. Never fails: whoever needs certainty reads the durable state. */
  emit(subject: Subject, payload: unknown): void {
    if (!this.client) return;
    firstValueFrom(this.client.emit(subject, payload), { defaultValue: undefined }).catch(
      (error: unknown) => {
        this.lost += 1;
        this.logger.debug(`Event ${subject} not sent (${this.lost} so far): ${describe(error)}`);
      },
    );
  }

  /**
   * Asks another service and waits for its answer.
   *
   * @param timeoutMs longest wait for the answer (milliseconds)
   * @throws BusUnavailableError when no Redis is configured; the transport's error when it is away or silent
   */
  async request<Answer>(subject: Subject, payload: unknown, timeoutMs: number): Promise<Answer> {
    if (!this.client) throw new BusUnavailableError('no Redis is configured');
    return firstValueFrom(this.client.send<Answer>(subject, payload).pipe(timeout(timeoutMs)));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client?.close();
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
