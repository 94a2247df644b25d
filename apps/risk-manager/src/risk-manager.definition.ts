import type { ServiceDefinition } from '@tickbridge/service-bootstrap';
import { readConfig, type RiskManagerConfig } from './app.config';
import { RiskManagerModule } from './risk-manager.module';

/** This service, ready to run. */
export const riskManager: ServiceDefinition<RiskManagerConfig> = {
  name: 'risk-manager',
  title: 'Risk manager',
  description: 'Answers "may this order go?" and keeps the limits. When in doubt the answer is no.',
  readConfig,
  module: (config) => RiskManagerModule.forConfig(config),
};
