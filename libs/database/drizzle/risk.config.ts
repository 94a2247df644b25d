import { defineConfig } from 'drizzle-kit';

/** `npx drizzle-kit generate --config libs/database/drizzle/risk.config.ts --name what-changed`. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './libs/database/src/risk/risk.schema.ts',
  out: './libs/database/migrations/risk',
});
