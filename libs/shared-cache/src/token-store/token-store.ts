import { Injectable, Logger, Optional } from '@nestjs/common';
import { type TokenStatus, toIso } from '@tickbridge/contracts';
import { RedisConnection } from '../connection/redis.connection';
import { MissingPartError } from '../contract/shared-cache.errors';
import { keys } from '../contract/shared-cache.keys';
import { type SharedCacheOptions, SharedCacheSettings } from '../contract/shared-cache.options';
import { TokenCipher } from './token-cipher';
import { TokenRepository, type TokenRow } from './token.repository';

/** A token this close to its end is shown as expiring (milliseconds). */
const EXPIRING_WITHIN_MS = 30 * 60_000;

/** A usable broker token. Keep it out of logs, answers and messages. */
export interface BrokerToken {
  readonly token: string;
  /** Exact end of validity (ms since 1970). */
  readonly expiresAt: number;
  /** When it was stored (ms since 1970): tells it from the account's later tokens. */
  readonly savedAt: number;
}

/**
 * Broker access tokens per provider and account, encrypted wherever they rest.
 *
 * The durable home decides; Redis holds a copy of the ciphertext that lives no longer than the token. A token is
 * never served past its expiry, after its revocation, or to another account.
 */
@Injectable()
export class TokenStore {
  private readonly logger = new Logger('TokenStore');
  private readonly repository: TokenRepository;
  private readonly cipher: TokenCipher;
  private readonly ends: NonNullable<SharedCacheOptions['tokenEnds']>;

  constructor(
    settings: SharedCacheSettings,
    private readonly redis: RedisConnection,
    @Optional() repository?: TokenRepository,
  ) {
    if (!repository) {
      throw new MissingPartError(
        'TokenStore needs a durable home: provide TokenRepository to SharedCacheModule',
      );
    }
    this.repository = repository;
    this.cipher = new TokenCipher(settings.value.tokenEncryptionKeys ?? []);
    this.ends = settings.value.tokenEnds ?? {};
  }

  /**
   * Stores an account's token, replacing the one before.
   *
   * @param expiresAt end of validity (ms since 1970); the provider's own limit comes first
   * @throws TypeError for an end that is none
   */
  async save(provider: string, accountId: string, token: string, expiresAt: number): Promise<TokenStatus> {
    if (!Number.isFinite(expiresAt)) throw new TypeError(`expected the end of a token, came ${expiresAt}`);
    const ciphertext = this.cipher.encrypt(token, context(provider, accountId));
    const now = Date.now();
    const row: TokenRow = {
      provider,
      accountId,
      ciphertext,
      expiresAt: Math.min(expiresAt, this.ends[provider]?.(now) ?? Infinity),
      savedAt: now,
      endedAs: null,
      endedAt: null,
    };
    await this.repository.save(row);
    await this.shareCopy(row);
    return statusOf(row, now);
  }

  /**
   * The account's own token while it is valid.
   *
   * @throws TokenDecryptionError when the key it was encrypted under is gone
   */
  async read(provider: string, accountId: string): Promise<BrokerToken | undefined> {
    const row = await this.repository.find(provider, accountId);
    if (!row || row.endedAs !== null || row.expiresAt <= Date.now()) return undefined;
    const token = this.cipher.decrypt(row.ciphertext, context(provider, accountId));
    if (!this.cipher.isCurrent(row.ciphertext)) await this.renew(row, token);
    return { token, expiresAt: row.expiresAt, savedAt: row.savedAt };
  }

  /** State and expiry, never the token. */
  async status(provider: string, accountId: string): Promise<TokenStatus> {
    const row = await this.repository.find(provider, accountId);
    if (!row) return { provider, accountId, state: 'none', expiresAt: null, updatedAt: null };
    return statusOf(row, Date.now());
  }

  /** When the account's last token was stored, whatever became of it (ms since 1970); `null` when there never was one. */
  async savedAt(provider: string, accountId: string): Promise<number | null> {
    return (await this.repository.find(provider, accountId))?.savedAt ?? null;
  }

  /** Takes a token back. It is not served again, whatever any copy says. */
  async revoke(provider: string, accountId: string): Promise<boolean> {
    return this.end(provider, accountId, 'revoked');
  }

  /**
   * The broker refused the token: it is dead, and nobody should try it again.
   *
   * @param used the token that was refused, as `read` gave it: one that was stored since stays valid
   */
  async reject(provider: string, accountId: string, used?: Pick<BrokerToken, 'savedAt'>): Promise<boolean> {
    return this.end(provider, accountId, 'rejected', used?.savedAt);
  }

  async list(provider?: string): Promise<TokenStatus[]> {
    const now = Date.now();
    return (await this.repository.list(provider)).map((row) => statusOf(row, now));
  }

  /** Moves a token to the newest key, so that the key it was under can be dropped. */
  private async renew(row: TokenRow, token: string): Promise<void> {
    const ciphertext = this.cipher.encrypt(token, context(row.provider, row.accountId));
    await this.repository.reencrypt(row.provider, row.accountId, row.ciphertext, ciphertext);
    await this.shareCopy({ ...row, ciphertext });
  }

  private async end(
    provider: string,
    accountId: string,
    as: 'revoked' | 'rejected',
    savedAt?: number,
  ): Promise<boolean> {
    const ended = await this.repository.end(provider, accountId, as, Date.now(), savedAt);
    if (!ended && savedAt !== undefined) return false;
    await this.redis
      .run((redis) => redis.del(keys.token(provider, accountId)))
      .catch((error: Error) => this.logger.debug(`copy in Redis left to expire: ${error.message}`));
    return ended;
  }

  private async shareCopy(row: TokenRow): Promise<void> {
    const key = keys.token(row.provider, row.accountId);
    await this.redis
      .run((redis) => redis.set(key, row.ciphertext, 'PXAT', row.expiresAt))
      .catch((error: Error) => this.logger.debug(`token not copied to Redis: ${error.message}`));
  }
}

/** What a ciphertext is bound to. */
function context(provider: string, accountId: string): string {
  return `token:${provider}:${accountId}`;
}

function statusOf(row: TokenRow, now: number): TokenStatus {
  return {
    provider: row.provider,
    accountId: row.accountId,
    state: stateOf(row, now),
    expiresAt: toIso(row.expiresAt),
    updatedAt: toIso(row.endedAt ?? row.savedAt),
  };
}

function stateOf(row: TokenRow, now: number): TokenStatus['state'] {
  if (row.endedAs === 'rejected') return 'rejected';
  if (row.endedAs === 'revoked') return 'none';
  if (row.expiresAt <= now) return 'expired';
  return row.expiresAt - now <= EXPIRING_WITHIN_MS ? 'expiring' : 'valid';
}
