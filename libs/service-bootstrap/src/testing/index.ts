export * from './service-process';
export * from './registered-routes';
