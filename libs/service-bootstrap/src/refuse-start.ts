/** Exit status for an environment that cannot be used (`EX_CONFIG` of sysexits). */
export const EXIT_CONFIGURATION = 78;

/**
 * Ends a service that must not run in this environment, with the reason where whoever started it looks.
 *
 * @param variable the one to change
 */
export function refuseStart(error: Error, variable = 'DATABASE_URL'): void {
  process.stderr.write(`The service cannot start:\n  ${variable}: ${error.message}\n`, () =>
    process.exit(EXIT_CONFIGURATION),
  );
}
