import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const root = import.meta.dirname;
/** What answers the pages while they are developed. */
const DASHBOARD = `http://127.0.0.1:${process.env['DASHBOARD_PORT'] || 8002}`;
/** Pages beside the main one, under the addresses the dashboard gives them. */
const PAGES: Record<string, string> = { '/sign-in': '/sign-in.html', '/broker-login': '/broker-login.html' };

/** The dashboard's own page addresses, on Vite's server. */
const pageAddresses: Plugin = {
  name: 'page-addresses',
  configureServer(server) {
    server.middlewares.use((request, _response, next) => {
      const [path = '', query] = (request.url ?? '').split('?');
      const page = PAGES[path];
      if (page !== undefined) request.url = query === undefined ? page : `${page}?${query}`;
      next();
    });
  },
};

/** Pages and assets go to `dist/apps/dashboard/web`; the dashboard serves them from there. */
export default defineConfig({
  root,
  plugins: [react(), pageAddresses],
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
    // The address stays that of the page, so the dashboard sees one site.
    proxy: Object.fromEntries(
      ['/api', '/docs', '/metrics', '/health'].map((path) => [
        path,
        { target: DASHBOARD, changeOrigin: false },
      ]),
    ),
  },
});
