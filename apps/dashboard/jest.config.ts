/** @jest-config-loader esbuild-register */
import { jestProject } from '../../tools/jest/project';

export default jestProject('apps/dashboard', {
  setupFiles: ['<rootDir>/src/testing/quiet-log.ts'],
  // What the pages compute is tested here too; it needs no browser.
  testPathIgnorePatterns: ['/node_modules/'],
});
