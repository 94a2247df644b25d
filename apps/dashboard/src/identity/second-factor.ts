import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { SecondFactorSetup } from '@tickbridge/contracts';
import { ProblemException } from '@tickbridge/service-bootstrap';
import { TokenCipher } from '@tickbridge/shared-cache';
import { Secret, TOTP } from 'otpauth';
import { renderSVG } from 'uqr';
import { DashboardConfig } from '../config/app.config';
import { UserRepository, type User } from './user.repository';

const STEP_S = 30;
/** A clock may be off by this many steps. */
const WINDOW = 1;
const SECRET_BYTES = 20;
const RECOVERY_CODES = 10;
/** 50 bits each, written in two groups. */
const RECOVERY_ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const RECOVERY_LENGTH = 10;

/** Codes of an authenticator app (RFC 6238) as second factor, and the recovery codes beside them. */
@Injectable()
export class SecondFactor {
  private readonly cipher: TokenCipher;

  constructor(
    config: DashboardConfig,
    private readonly users: UserRepository,
  ) {
    this.cipher = new TokenCipher(config.tokenEncryptionKeys);
  }

  /**
   * Makes a new secret, which counts once a code of it was shown.
   *
   * @throws ProblemException 409 while one is in force
   */
  async begin(user: User): Promise<SecondFactorSetup> {
    const secret = new Secret({ buffer: Uint8Array.from(randomBytes(SECRET_BYTES)).buffer });
    const kept = await this.users.setSecondFactor(
      user.id,
      this.cipher.encrypt(secret.base32, contextOf(user)),
    );
    if (!kept) {
      throw new ProblemException(
        409,
        'SECOND_FACTOR_IN_FORCE',
        'Remove the second factor before setting up another.',
      );
    }
    const address = totpOf(user.name, secret.base32).toString();
    const picture = Buffer.from(renderSVG(address, { border: 2 })).toString('base64');
    return { secret: secret.base32, address, qrCode: `data:image/svg+xml;base64,${picture}` };
  }

  /**
   * Puts it in force.
   *
   * @returns the recovery codes, known this once
   * @throws ProblemException 400 for a wrong code, 409 when none is being set up
   */
  async enable(user: User, code: string): Promise<string[]> {
    if (user.totpSecret === null || user.totpConfirmedAt !== null) {
      throw new ProblemException(
        409,
        'NO_SECOND_FACTOR_SETUP',
        'Begin with POST /api/v1/auth/second-factor.',
      );
    }
    if (!(await this.acceptsTotp(user, code))) {
      throw new ProblemException(400, 'WRONG_CODE', 'The code does not fit; check the clock of your device.');
    }
    const codes = Array.from({ length: RECOVERY_CODES }, recoveryCode);
    await this.users.confirmSecondFactor(user.id, codes);
    return codes;
  }

  /** Whether the code gets in: one of the app, or a recovery code; each counts once. */
  async accepts(user: User, code: string): Promise<boolean> {
    if (await this.acceptsTotp(user, code)) return true;
    return this.users.useRecoveryCode(user.id, code);
  }

  private async acceptsTotp(user: User, code: string): Promise<boolean> {
    const digits = code.replace(/\s/g, '');
    if (user.totpSecret === null || !/^\d{6}$/.test(digits)) return false;
    const now = Date.now();
    const totp = totpOf(user.name, this.cipher.decrypt(user.totpSecret, contextOf(user)));
    const delta = totp.validate({ token: digits, timestamp: now, window: WINDOW });
    if (delta === null) return false;
    return this.users.useStep(user.id, Math.floor(now / 1_000 / STEP_S) + delta);
  }
}

function totpOf(name: string, secret: string): TOTP {
  return new TOTP({ issuer: 'Tickbridge', label: name, secret, digits: 6, period: STEP_S });
}

/** Binds the ciphertext to its user: nobody's secret can be passed off as another's. */
function contextOf({ id }: User): string {
  return `second factor of ${id}`;
}

function recoveryCode(): string {
  // 31 letters into 248 of 256 values of a byte: none is likelier than another.
  let text = '';
  while (text.length < RECOVERY_LENGTH) {
    const [byte = 255] = randomBytes(1);
    if (byte < 248) text += RECOVERY_ALPHABET[byte % RECOVERY_ALPHABET.length];
  }
  return `${text.slice(0, 5)}-${text.slice(5)}`;
}
