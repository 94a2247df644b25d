export * from './charge.folder';
export * from './charge.health';
export * from './charge.options';
export * from './charges.module';
