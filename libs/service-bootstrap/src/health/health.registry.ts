import { Injectable } from '@nestjs/common';
import type { DependencyHealth, Readiness } from '@tickbridge/contracts';

export type HealthCheck = () => DependencyHealth | Promise<DependencyHealth>;

/** A check that has not answered by then counts as down. */
const CHECK_TIMEOUT_MS = 1_000;

/** Dependencies of this service and how each is doing. */
@Injectable()
export class HealthRegistry {
  private readonly checks = new Map<string, HealthCheck>();

  /** Adds a dependency under a name that `/health/ready` shows. */
  register(name: string, check: HealthCheck): void {
    this.checks.set(name, check);
  }

  /** Asks every dependency. The service is ready unless one it cannot work without is down. */
  async readiness(service: string): Promise<Readiness> {
    const entries = await Promise.all(
      [...this.checks].map(async ([name, check]) => [name, await ask(check)] as const),
    );
    const states = new Set(entries.map(([, { status }]) => status));
    const status = states.has('down') ? 'down' : states.has('degraded') ? 'degraded' : 'up';
    return { status, service, dependencies: Object.fromEntries(entries) };
  }
}

async function ask(check: HealthCheck): Promise<DependencyHealth> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<DependencyHealth>((resolve) => {
    timer = setTimeout(
      () => resolve({ status: 'down', detail: `no answer within ${CHECK_TIMEOUT_MS} ms` }),
      CHECK_TIMEOUT_MS,
    );
  });
  try {
    return await Promise.race([Promise.resolve().then(check), timeout]);
  } catch (error) {
    return { status: 'down', detail: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
