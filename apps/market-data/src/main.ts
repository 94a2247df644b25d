import { runService } from '@tickbridge/service-bootstrap';
import { readConfig } from './app.config';
import { MarketDataModule } from './market-data.module';

void runService({
  name: 'market-data',
  title: 'Market data',
  description: 'Holds the vendor connection, checks and publishes every tick, and keeps the candles.',
  readConfig,
  module: (config) => MarketDataModule.forConfig(config),
});
