import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** Who may import whom: docs/architecture.md. */
const boundaries = [
  { sourceTag: 'type:contracts', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'type:trading-core', onlyDependOnLibsWithTags: ['type:contracts'] },
  { sourceTag: 'type:shared-cache', onlyDependOnLibsWithTags: ['type:contracts'] },
  { sourceTag: 'type:database', onlyDependOnLibsWithTags: ['type:contracts'] },
  { sourceTag: 'type:service-bootstrap', onlyDependOnLibsWithTags: ['type:contracts'] },
  {
    sourceTag: 'type:app',
    onlyDependOnLibsWithTags: [
      'type:contracts',
      'type:trading-core',
      'type:shared-cache',
      'type:database',
      'type:service-bootstrap',
    ],
  },
  { sourceTag: 'type:web', onlyDependOnLibsWithTags: ['type:contracts'] },
  { sourceTag: 'type:e2e', onlyDependOnLibsWithTags: ['type:contracts', 'type:shared-cache'] },
];

/** Frameworks that must not reach the pure libraries. */
const noFrameworks = {
  patterns: [
    {
      group: ['@nestjs/*', 'ioredis', 'pg', 'drizzle-orm', 'drizzle-orm/*', 'fastify'],
      message: 'This library stays free of frameworks and I/O.',
    },
  ],
};

export default [
  { ignores: ['**/dist', '**/node_modules', '.nx', '.data', 'coverage'] },
  { plugins: { '@nx': nx, '@typescript-eslint': tseslint.plugin } },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: { parser: tseslint.parser },
    rules: {
      '@nx/enforce-module-boundaries': ['error', { allow: [], depConstraints: boundaries }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'off',
      'no-empty': 'error',
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only app.config.ts reads the environment.' },
      ],
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: {
      parserOptions: {
        project: ['tsconfig.base.json', 'apps/dashboard/web/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  {
    files: [
      '**/app.config.ts',
      '**/*.main.ts',
      '**/main.ts',
      'libs/service-bootstrap/src/run-service.ts',
      'e2e/**',
      'tools/**',
      '**/test/**',
      '**/src/testing/**',
      '**/*.spec.ts',
      '**/*.config.ts',
    ],
    rules: { 'no-restricted-properties': 'off', 'no-console': 'off' },
  },
  // Test settings of a project come from the workspace's tools, which are no project.
  { files: ['**/jest.config.ts'], rules: { '@nx/enforce-module-boundaries': 'off' } },
  {
    files: ['libs/contracts/**/*.ts', 'libs/trading-core/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', noFrameworks] },
  },
  {
    files: ['apps/dashboard/web/**/*.{ts,tsx}'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^@tickbridge/(?!contracts$)',
              message: 'The web UI imports contracts only.',
            },
          ],
        },
      ],
    },
  },
];
