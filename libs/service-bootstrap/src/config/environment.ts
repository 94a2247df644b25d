import { z } from 'zod';
import { unknownVariables } from './platform-variables';

/** One variable that cannot be used, and what was expected. Values are never part of it. */
export interface ConfigurationProblem {
  variable: string;
  message: string;
}

/** The environment cannot be used; `problems` names every bad variable. */
export class ConfigurationError extends Error {
  readonly code = 'CONFIGURATION_INVALID';

  constructor(readonly problems: readonly ConfigurationProblem[]) {
    super(
      `The environment has ${problems.length} problem${problems.length === 1 ? '' : 's'}:\n` +
        problems.map(({ variable, message }) => `  ${variable}: ${message}`).join('\n'),
    );
    this.name = 'ConfigurationError';
  }
}

/**
 * Reads the variables a service knows from the environment.
 *
 * Empty variables count as absent. All problems are reported together, by name and without the value; so are names that
 * were meant for this platform and that nobody reads.
 *
 * @throws ConfigurationError naming every variable that cannot be used
 */
export function parseEnvironment<S extends z.ZodType>(
  schema: S,
  environment: Record<string, string | undefined>,
): Readonly<z.output<S>> {
  const present = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const result = schema.safeParse(present);
  const unknown = unknownVariables(Object.keys(present)).map(({ variable, nearest }) => ({
    variable,
    message: `no variable of this platform; did you mean ${nearest}?`,
  }));
  if (result.success && unknown.length === 0)
    return Object.freeze(result.data as object) as Readonly<z.output<S>>;
  const unusable = (result.error?.issues ?? []).map((issue) => ({
    // A variable may hold a list; the place in it is for its message to say.
    variable: String(issue.path[0] ?? '(several)'),
    message: describe(issue),
  }));
  throw new ConfigurationError([...unusable, ...unknown]);
}

/** Zod's message without the received value, which may be a secret. */
function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `expected one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'invalid_type') return `expected ${issue.expected}`;
  return issue.message;
}
