import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** Who may import whom: docs/architecture.md. */
const boundaries = [
  { sourceTag: 'type:contracts', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'type:trading-core', onlyDependOnLibsWithTags: ['type:contracts'] },
  { sourceTag: 'type:shared-cache', onlyDependOnLibsWithTags: ['type:contracts'] },
  { sourceTag: 'type:database', onlyDependOnLibsWithTags: ['type:contracts'] },
  { sourceTag: 'type:service-bootstrap', onlyDependOnLibsWithTags: ['type:contracts'] },
  { sourceTag: 'type:charges', onlyDependOnLibsWithTags: ['type:contracts', 'type:trading-core'] },
  {
    sourceTag: 'type:calendars',
    onlyDependOnLibsWithTags: ['type:contracts', 'type:trading-core', 'type:database'],
  },
  {
    sourceTag: 'type:app',
    onlyDependOnLibsWithTags: [
      'type:contracts',
      'type:trading-core',
      'type:shared-cache',
      'type:database',
      'type:calendars',
      'type:charges',
      'type:service-bootstrap',
    ],
  },
  { sourceTag: 'type:web', onlyDependOnLibsWithTags: ['type:contracts'] },
  { sourceTag: 'type:e2e', onlyDependOnLibsWithTags: ['type:contracts', 'type:shared-cache'] },
];

/** Test helpers of the libraries stay out of what runs. */
const noTestHelpers = {
  regex: '^@tickbridge/[a-z-]+/testing$',
  message: 'Test helpers belong to tests.',
};
const noProcessModule = ['node:process', 'process'].map((name) => ({
  name,
  message: 'Only app.config.ts and main.ts read the environment.',
}));
/** The environment by its usual names; where it may be read, nothing is said. */
const environment = [
  { object: 'process', property: 'env', message: 'Only app.config.ts and main.ts read the environment.' },
];
const environmentByOtherNames = [
  {
    selector:
      "MemberExpression[object.name=/^(globalThis|global)$/]:matches([property.name='process'], [property.value='process'])",
    message: 'Only app.config.ts and main.ts read the environment.',
  },
];

/** Imports of a pure library: its own files and what is named here. */
const only = (...allowed) => ({
  regex: `^(?!\\.{1,2}/|(?:${allowed.map((name) => name.replaceAll('.', '\\.')).join('|')})$)`,
  message: `Only ${allowed.join(', ')} and files of its own may be imported here.`,
});
/** Time, chance and the world come to a pure library as arguments. */
const pure = {
  'no-restricted-globals': [
    'error',
    ...['fetch', 'process', 'WebSocket', 'XMLHttpRequest', 'setTimeout', 'setInterval', 'setImmediate'].map(
      (name) => ({
        name,
        message: 'Pure code neither waits nor reaches out.',
      }),
    ),
  ],
  'no-restricted-properties': [
    'error',
    ...environment,
    { object: 'Date', property: 'now', message: 'The time is an argument.' },
    { object: 'performance', property: 'now', message: 'The time is an argument.' },
    { object: 'Math', property: 'random', message: 'Chance is an argument.' },
    { object: 'crypto', property: 'randomUUID', message: 'Chance is an argument.' },
    { object: 'globalThis', property: 'fetch', message: 'Pure code neither waits nor reaches out.' },
  ],
  'no-restricted-syntax': [
    'error',
    ...environmentByOtherNames,
    {
      selector: "NewExpression[callee.name='Date'][arguments.length=0]",
      message: 'The time is an argument.',
    },
    { selector: "CallExpression[callee.name='Date']", message: 'The time is an argument.' },
    { selector: 'ImportExpression', message: 'Pure code imports nothing while it runs.' },
  ],
};
const TESTS = [
  '**/*.spec.ts',
  '**/src/testing/**',
  '**/test/**',
  '**/{jest,vite}.config.ts',
  '**/drizzle/*.config.ts',
];

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
      'no-restricted-properties': ['error', ...environment],
      'no-restricted-syntax': ['error', ...environmentByOtherNames],
      'no-restricted-imports': ['error', { paths: noProcessModule, patterns: [noTestHelpers] }],
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
  // Where the environment is read.
  {
    files: ['**/app.config.ts', '**/*.main.ts', '**/main.ts', 'libs/service-bootstrap/src/run-service.ts'],
    rules: {
      'no-restricted-properties': 'off',
      'no-restricted-syntax': 'off',
      'no-restricted-imports': ['error', { patterns: [noTestHelpers] }],
      'no-console': 'off',
    },
  },
  {
    files: ['e2e/**', 'tools/**', ...TESTS],
    rules: {
      'no-restricted-properties': 'off',
      'no-restricted-syntax': 'off',
      'no-restricted-imports': 'off',
      'no-console': 'off',
    },
  },
  // Test settings of a project come from the workspace's tools, which are no project.
  { files: ['**/jest.config.ts'], rules: { '@nx/enforce-module-boundaries': 'off' } },
  {
    files: ['libs/trading-core/src/**/*.ts'],
    ignores: TESTS,
    rules: {
      ...pure,
      'no-restricted-imports': [
        'error',
        {
          patterns: [only('@tickbridge/contracts', 'zod', 'decimal.js', 'trading-signals', 'node:crypto')],
        },
      ],
    },
  },
  {
    files: ['libs/contracts/src/**/*.ts'],
    ignores: TESTS,
    rules: { ...pure, 'no-restricted-imports': ['error', { patterns: [only('zod')] }] },
  },
  {
    files: ['apps/dashboard/web/src/**/*.{ts,tsx}'],
    ignores: TESTS,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            only('@tickbridge/contracts', 'react', 'react-dom/client', 'lightweight-charts', 'vite/client'),
            { regex: '(^|/)\\.\\./(\\.\\./)*src(/|$)', message: 'The web UI does not import its server.' },
            { regex: '^(\\.\\./){3,}', message: 'The web UI imports its own files.' },
          ],
        },
      ],
    },
  },
];
