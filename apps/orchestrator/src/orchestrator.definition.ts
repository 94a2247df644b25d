import type { ServiceDefinition } from '@tickbridge/service-bootstrap';
import { readConfig, type OrchestratorConfig } from './app.config';
import { OrchestratorModule } from './orchestrator.module';

/** This service, ready to run. */
export const orchestrator: ServiceDefinition<OrchestratorConfig> = {
  name: 'orchestrator',
  title: 'Orchestrator',
  description:
    'Runs the strategies on live bars, turns signals into orders, and keeps accounts and positions.',
  readConfig,
  module: (config) => OrchestratorModule.forConfig(config),
};
