import { internalAccess, type ServiceDefinition } from '@tickbridge/service-bootstrap';
import { readConfig, type SimulatorConfig } from './config/app.config';
import { SimulatorModule } from './simulator.module';

/** This service, ready to run. */
export const simulator: ServiceDefinition<SimulatorConfig> = {
  name: 'feed-simulator',
  title: 'Feed simulator',
  description:
    'Speaks the wire protocols of TrueData, Binance, Alpaca and ShareKhan on real sockets, with a made-up market or recorded frames. For development and tests.',
  readConfig,
  module: (config) => SimulatorModule.forConfig(config),
  // Vendors' own logins come with their own passwords and keys.
  access: (_app, config) => {
    const access = internalAccess(config.bindAddress, config.internalApiKey, config.serviceKey);
    return (request) =>
      request.url === '/token' || request.url.startsWith('/skapi/') || request.url.startsWith('/v2/')
        ? undefined
        : access(request);
  },
};
