/** @jest-config-loader esbuild-register */
export default {
  projects: ['<rootDir>/libs/*', '<rootDir>/apps/*', '<rootDir>/e2e'],
  // Each file leaves memory behind in its worker, and collecting it makes later files many times slower.
  workerIdleMemoryLimit: '500MB',
};
