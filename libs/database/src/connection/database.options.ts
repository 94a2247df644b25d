/** How a service reaches PostgreSQL. */
export interface DatabaseOptions {
  /** `postgres://…`; `undefined` when none is configured: the service runs without and says so. */
  url: string | undefined;
  /** Shown in `pg_stat_activity`. */
  applicationName: string;
  /** Id of the platform that this database is for; absent in tools, which ask nobody. */
  installation?: string | undefined;
  /** Under which name and address this instance is found by others; absent: it is not. */
  announce?: { service: string; address: Promise<string> } | undefined;
  /** Called while another platform runs on this database: the service must not go on. */
  onForeign?: ((error: Error) => void) | undefined;
  /** Folder with one sub-folder of migrations per schema; found by itself when absent. */
  migrationsDir?: string | undefined;
  /** Most connections of this process (default 10). */
  maxConnections?: number | undefined;
}

/** Injection token and type of the options. */
export abstract class DatabaseSettings {
  abstract readonly value: DatabaseOptions;
}
