import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const root = import.meta.dirname;

/** Pages and assets go to `dist/apps/dashboard/web`; the dashboard serves them from there. */
export default defineConfig({
  root,
  plugins: [react()],
  resolve: { alias: { '@tickbridge/contracts': resolve(root, '../../../libs/contracts/src/index.ts') } },
  build: {
    outDir: resolve(root, '../../../dist/apps/dashboard/web'),
    emptyOutDir: true,
    target: 'es2022',
    // Inlined assets would be data addresses, which the content security policy refuses for styles and scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        main: resolve(root, 'index.html'),
        'broker-login': resolve(root, 'broker-login.html'),
        'sign-in': resolve(root, 'sign-in.html'),
        unavailable: resolve(root, 'unavailable.html'),
      },
    },
  },
  server: {
    proxy: { '/api': 'http://127.0.0.1:8002' },
  },
});
