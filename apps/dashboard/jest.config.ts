/** @jest-config-loader esbuild-register */
import { jestProject } from '../../tools/jest/project';

export default jestProject('apps/dashboard', { setupFiles: ['<rootDir>/src/testing/quiet-log.ts'] });
