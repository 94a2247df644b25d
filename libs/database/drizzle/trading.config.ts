import { defineConfig } from 'drizzle-kit';

/** `npx drizzle-kit generate --config libs/database/drizzle/trading.config.ts --name what-changed`. */
export default defineConfig({
  dialect: 'postgresql',
  schema: ['./libs/database/src/trading/trading.schema.ts', './libs/database/src/trading/paper.schema.ts'],
  out: './libs/database/migrations/trading',
});
