import { Logger } from '@nestjs/common';
import { backOffMs, isDatabaseUnavailable, rootMessage } from '@tickbridge/database';
import { pause } from './pause';

const logger = new Logger('TradingLoop');

/**
 * Repeats an action while PostgreSQL is away. The action must be safe to repeat.
 *
 * @param signal ends the waiting; the last error is then thrown
 * @param onAway told before each pause
 */
export async function retryWhileAway<T>(
  action: () => Promise<T>,
  signal: AbortSignal,
  onAway: (reason: string) => void,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const result = await action();
      if (attempt > 1) logger.log('PostgreSQL is back, going on');
      return result;
    } catch (error) {
      if (signal.aborted || !isDatabaseUnavailable(error)) throw error;
      if (attempt === 1) logger.warn('PostgreSQL is away: no orders until it is back');
      onAway(rootMessage(error));
      await pause(backOffMs(attempt), signal);
    }
  }
}
