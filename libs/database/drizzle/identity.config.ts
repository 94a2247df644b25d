import { defineConfig } from 'drizzle-kit';

/** `npx drizzle-kit generate --config libs/database/drizzle/identity.config.ts --name what-changed`. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './libs/database/src/identity/identity.schema.ts',
  out: './libs/database/migrations/identity',
});
