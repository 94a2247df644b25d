export * from './fault-proxy';
export * from './private-redis';
export * from './wait-for';
export * from './fake-server';
export * from './fake.tier';
export * from './fake-side.tier';
export * from './shared-tier.conformance';
export * from './virtual-time';
