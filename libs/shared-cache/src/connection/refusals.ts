import { Logger } from '@nestjs/common';
import { RedisRefusedError } from '../contract/shared-cache.errors';

/** What a server says that does not take commands as it is, and what helps. Anything else is about one command. */
const HELP: Readonly<Record<string, string>> = {
  OOM: 'raise its maxmemory, or set maxmemory-policy to allkeys-lru',
  READONLY: 'it is a replica: connect to the primary',
  MOVED: 'it is one of a cluster: connect to a single server',
  CLUSTERDOWN: 'it is one of a cluster: connect to a single server',
  MISCONF: 'it cannot save to its disk',
  NOREPLICAS: 'it misses its replicas',
  MASTERDOWN: 'it is a replica without its primary: connect to the primary',
  LOADING: 'it still reads its data from disk',
  NOAUTH: 'set the password (REDIS_URL or REDIS_PASSWORD)',
  WRONGPASS: 'correct the user name and password (REDIS_URL or REDIS_PASSWORD)',
  NOPERM: 'allow its user the commands and keys of the platform',
};
/** A refusal counts until none came for so long (milliseconds). */
const KEPT_MS = 5_000;

/** Refused commands of a server that lives: told once, and kept in mind while they go on. */
export class Refusals {
  private told: string | undefined;
  private lastAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly logger: Logger) {}

  /** Why the server does not take commands as it is; `undefined` when it does. */
  get current(): string | undefined {
    if (this.told !== undefined && performance.now() - this.lastAt > KEPT_MS) {
      this.logger.log('Redis takes commands again');
      this.told = undefined;
    }
    return this.told;
  }

  /** Notes a refusal. @returns what its caller is told */
  note(error: Error): RedisRefusedError {
    // An unknown command is reported with its arguments, which are nobody's business.
    const said = error.message.replace(/, with args beginning with[^]*$/, '');
    const [reason = ''] = said.split(' ', 1);
    const help = HELP[reason];
    if (help === undefined) return new RedisRefusedError(reason, `Redis refuses a command: ${said}`);
    this.lastAt = performance.now();
    if (this.told?.startsWith(`${reason} `) !== true)
      this.logger.warn(`Redis refuses commands: ${said} (${help})`);
    this.told = said;
    return new RedisRefusedError(reason, `Redis refuses commands: ${said} (${help})`);
  }
}
