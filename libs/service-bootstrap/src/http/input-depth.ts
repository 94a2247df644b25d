import type { FastifyInstance } from 'fastify';
import { ProblemException } from './problem.exception';

/** Objects and lists within each other that any input of the platform may have; the deepest it needs is six. */
const MAX_DEPTH = 32;

/** Refuses bodies nested so deep that checking them would exhaust the stack. */
export function limitInputDepth(server: FastifyInstance): void {
  server.addHook('preValidation', async ({ body }) => {
    if (!isDeeperThan(body, MAX_DEPTH)) return;
    throw new ProblemException(
      400,
      'INPUT_TOO_DEEP',
      `Expected objects and lists at most ${MAX_DEPTH} levels within each other.`,
    );
  });
}

/** Whether a value holds more than `limit` levels of objects and lists. Walks level by level: depth costs no stack. */
export function isDeeperThan(value: unknown, limit: number): boolean {
  let level = containersIn([value]);
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > limit) return true;
    level = level.flatMap((container) => containersIn(Object.values(container)));
  }
  return false;
}

function containersIn(values: readonly unknown[]): object[] {
  return values.filter(
    (value): value is object => typeof value === 'object' && value !== null && !Buffer.isBuffer(value),
  );
}
