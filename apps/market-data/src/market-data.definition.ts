import type { ServiceDefinition } from '@tickbridge/service-bootstrap';
import { readConfig, type MarketDataConfig } from './app.config';
import { MarketDataModule } from './market-data.module';

/** This service, ready to run. */
export const marketData: ServiceDefinition<MarketDataConfig> = {
  name: 'market-data',
  title: 'Market data',
  description: 'Holds the vendor connection, checks and publishes every tick, and keeps the candles.',
  readConfig,
  module: (config) => MarketDataModule.forConfig(config),
};
