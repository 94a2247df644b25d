/** @jest-config-loader esbuild-register */
import { jestProject } from '../../tools/jest/project';

export default jestProject('apps/feed-simulator', { setupFiles: ['<rootDir>/src/testing/quiet-log.ts'] });
