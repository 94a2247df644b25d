import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import {
  feedsStatusSchema,
  readinessSchema,
  systemStatusSchema,
  toIso,
  type ServiceStatus,
  type SystemStatus,
} from '@tickbridge/contracts';
import { HealthRegistry, ServiceIdentity } from '@tickbridge/service-bootstrap';
import { LiveMarketData, RedisConnection } from '@tickbridge/shared-cache';
import { Inject } from '@nestjs/common';
import { Upstream, type UpstreamName } from '../gateway/upstream';
import { StreamHub } from '../stream/stream.hub';

/** How often everything is looked at while a browser watches (ms). */
const CHECK_INTERVAL_MS = 2_000;

const SERVICES: readonly UpstreamName[] = ['market-data', 'orchestrator', 'risk-manager'];

const feedSummaries = systemStatusSchema.shape.feeds;

/** State of the whole platform, measured: every service is asked, nothing is assumed. */
@Injectable()
export class SystemMonitor implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(ServiceIdentity) private readonly identity: ServiceIdentity,
    private readonly health: HealthRegistry,
    private readonly upstream: Upstream,
    private readonly live: LiveMarketData,
    private readonly redis: RedisConnection,
    private readonly hub: StreamHub,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      if (this.hub.clientCount > 0) void this.status().then((status) => this.hub.announce('health', status));
    }, CHECK_INTERVAL_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  async status(): Promise<SystemStatus> {
    const [services, own, feed] = await Promise.all([
      Promise.all(SERVICES.map((service) => this.ask(service))),
      this.self(),
      this.upstream.read('market-data', '/api/v1/feed/status'),
    ]);
    const live = this.live.status();
    const feeds = feedSummaries.safeParse(feedsStatusSchema.safeParse(feed).data?.feeds).data ?? [];
    return {
      checkedAt: toIso(Date.now()),
      services: [...services, own],
      feed: feeds[0] ?? null,
      feeds,
      live: {
        source: live.source,
        ageMs: this.live.getAll().ageMs,
        symbols: live.symbols,
        framesApplied: live.framesApplied,
        gaps: live.gaps,
        sourceSwitches: live.sourceSwitches,
      },
      redis: this.redis.state(),
      streamClients: this.hub.clientCount,
    };
  }

  private async ask(name: UpstreamName): Promise<ServiceStatus> {
    const startedAt = performance.now();
    try {
      const answer = await this.upstream.ask(name, { path: '/health/ready' });
      const latencyMs = Math.round((performance.now() - startedAt) * 10) / 10;
      const readiness = readinessSchema.parse(JSON.parse(answer.body.toString('utf8')));
      return { name, latencyMs, detail: null, ...statusOf(readiness) };
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      return { name, status: 'down', latencyMs: null, detail, dependencies: {} };
    }
  }

  private async self(): Promise<ServiceStatus> {
    const startedAt = performance.now();
    const readiness = await this.health.readiness(this.identity.name);
    const latencyMs = Math.round((performance.now() - startedAt) * 10) / 10;
    return { name: this.identity.name, latencyMs, detail: null, ...statusOf(readiness) };
  }
}

function statusOf({ status, dependencies }: Pick<ServiceStatus, 'status' | 'dependencies'>) {
  return { status, dependencies };
}
