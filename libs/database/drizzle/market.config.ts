import { defineConfig } from 'drizzle-kit';

/** `npx drizzle-kit generate --config libs/database/drizzle/market.config.ts --name what-changed`. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './libs/database/src/market/market.schema.ts',
  out: './libs/database/migrations/market',
});
