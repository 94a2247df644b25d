import { SERVICES } from '@tickbridge/contracts';
import type { ServiceDefinition } from '@tickbridge/service-bootstrap';
import { readConfig, type MarketDataConfig } from './app.config';
import { MarketDataModule } from './market-data.module';

/** This service, ready to run. */
export const marketData: ServiceDefinition<MarketDataConfig> = {
  name: 'market-data',
  ...SERVICES['market-data'],
  readConfig,
  module: (config) => MarketDataModule.forConfig(config),
};
