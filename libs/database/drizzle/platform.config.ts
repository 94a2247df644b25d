import { defineConfig } from 'drizzle-kit';

/** `npx drizzle-kit generate --config libs/database/drizzle/platform.config.ts --name what-changed`. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './libs/database/src/platform/platform.schema.ts',
  out: './libs/database/migrations/platform',
});
