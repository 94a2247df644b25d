/** @jest-config-loader esbuild-register */
import { jestProject } from '../../tools/jest/project';

const project = jestProject('apps/dashboard', { setupFiles: ['<rootDir>/src/testing/quiet-log.ts'] });

export default {
  ...project,
  // Swagger's static files bring one more package that is an ES module only.
  transformIgnorePatterns: project.transformIgnorePatterns?.map((pattern) =>
    pattern.replace('(?!(', '(?!(content-disposition|'),
  ),
};
