import type { Config } from 'jest';

/** ES-module-only packages that Jest on Node 20 can only load after a transform to CommonJS. */
const ESM_PACKAGES = [
  '@nestjs',
  'cache-manager',
  '@cacheable',
  'file-type',
  'strtok3',
  'token-types',
  'uint8array-extras',
  '@tokenizer',
  '@borewit',
  'load-esm',
  'es-toolkit',
  'js-yaml',
  'hashery',
  'hookified',
  'content-disposition',
  'cookie',
  'trading-signals',
  'eventsource-parser',
].join('|');

const swc = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
  module: { type: 'commonjs' },
  sourceMaps: 'inline',
};

/**
 * Jest settings of one project of the workspace.
 *
 * @param directory project folder, relative to the workspace root (`libs/contracts`)
 * @param overrides settings that replace the shared ones
 */
export function jestProject(directory: string, overrides: Config = {}): Config {
  const root = directory
    .split('/')
    .map(() => '..')
    .join('/');
  const lib = (path: string) => `<rootDir>/${root}/libs/${path}`;
  return {
    displayName: directory,
    rootDir: `${__dirname}/../../${directory}`,
    testEnvironment: 'node',
    testMatch: ['<rootDir>/**/*.spec.ts'],
    testPathIgnorePatterns: ['/node_modules/', '/web/'],
    moduleFileExtensions: ['ts', 'mjs', 'js', 'json'],
    transform: { '^.+\\.(ts|js|mjs)$': ['@swc/jest', swc] },
    transformIgnorePatterns: [`/node_modules/(?!(${ESM_PACKAGES})/)`],
    moduleNameMapper: {
      '^@tickbridge/(shared-cache|service-bootstrap)/testing$': lib('$1/src/testing/index.ts'),
      '^@tickbridge/(contracts|trading-core|shared-cache|database|calendars|charges|service-bootstrap)$':
        lib('$1/src/index.ts'),
    },
    ...overrides,
  };
}
