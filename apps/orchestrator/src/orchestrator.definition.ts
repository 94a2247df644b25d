import { SERVICES } from '@tickbridge/contracts';
import type { ServiceDefinition } from '@tickbridge/service-bootstrap';
import { readConfig, type OrchestratorConfig } from './app.config';
import { OrchestratorModule } from './orchestrator.module';

/** This service, ready to run. */
export const orchestrator: ServiceDefinition<OrchestratorConfig> = {
  name: 'orchestrator',
  ...SERVICES.orchestrator,
  readConfig,
  module: (config) => OrchestratorModule.forConfig(config),
};
