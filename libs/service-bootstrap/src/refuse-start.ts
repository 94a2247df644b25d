/** Exit status for an environment that cannot be used (`EX_CONFIG` of sysexits). */
export const EXIT_CONFIGURATION = 78;

/** Ends a service that must not run in this environment, with the reason where whoever started it looks. */
export function refuseStart(error: Error): void {
  process.stderr.write(`The service cannot start:\n  DATABASE_URL: ${error.message}\n`, () =>
    process.exit(EXIT_CONFIGURATION),
  );
}
