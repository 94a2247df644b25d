import { SERVICES } from '@tickbridge/contracts';
import type { ServiceDefinition } from '@tickbridge/service-bootstrap';
import { readConfig, type RiskManagerConfig } from './app.config';
import { RiskManagerModule } from './risk-manager.module';

/** This service, ready to run. */
export const riskManager: ServiceDefinition<RiskManagerConfig> = {
  name: 'risk-manager',
  ...SERVICES['risk-manager'],
  readConfig,
  module: (config) => RiskManagerModule.forConfig(config),
};
