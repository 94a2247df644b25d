import type { FactoryProvider, InjectionToken } from '@nestjs/common';
import type { DependencyHealth } from '@tickbridge/contracts';
import { HealthRegistry } from './health.registry';

/** What a service depends on and can be asked how it is doing. */
export interface Dependency {
  /** False where this installation has none of it: then nothing is said of it. */
  readonly configured?: boolean;
  health(): DependencyHealth | Promise<DependencyHealth>;
}

/** Nobody injects it: making it is what registers the dependencies. */
const DEPENDENCIES = Symbol('dependencies');

/**
 * Provider that registers a service's dependencies for `/health/ready`.
 *
 * @param named what each is injected as, under the name that is shown
 */
export function dependencies(named: Readonly<Record<string, InjectionToken<Dependency>>>): FactoryProvider {
  return {
    provide: DEPENDENCIES,
    inject: [HealthRegistry, ...Object.values(named)],
    useFactory: (registry: HealthRegistry, ...all: Dependency[]) => {
      Object.keys(named).forEach((name, index) => {
        const dependency = all[index];
        if (dependency && dependency.configured !== false) registry.register(name, () => dependency.health());
      });
      return all;
    },
  };
}
