export * from './fault-proxy';
export * from './private-redis';
export * from './wait-for';
