export * from './private-redis';
export * from './wait-for';
