import { randomBytes, randomInt } from 'node:crypto';
import { ShareKhanCipher, type TokenText } from './sharekhan.cipher';

const DAY_MS = 24 * 3_600_000;
const IST_OFFSET_MS = 5.5 * 3_600_000;

export interface ShareKhanApp {
  apiKey: string;
  /** 32 characters. */
  secretKey: string;
}

interface AccessToken {
  customerId: string;
  /** ms since 1970. */
  endsAt: number;
}

/** Who is logged in: request tokens of the login page, and the access tokens they are exchanged for. */
export class ShareKhanLogins {
  private readonly cipher: ShareKhanCipher;
  /** Request id to customer id; each is exchanged once. */
  private readonly requests = new Map<string, string>();
  private readonly tokens = new Map<string, AccessToken>();

  constructor(
    private readonly app: ShareKhanApp,
    private readonly now: () => number = Date.now,
  ) {
    this.cipher = new ShareKhanCipher(app.secretKey);
  }

  knows(apiKey: string): boolean {
    return apiKey === this.app.apiKey;
  }

  /** What the login page sends the browser back with. */
  requestToken(customerId: string, as: TokenText): string {
    const requestId = `REQ${randomInt(1_000_000, 9_999_999)}`;
    this.requests.set(requestId, customerId);
    return this.cipher.encrypt(`${requestId}|${customerId}`, as);
  }

  /** Exchanges `customerId|requestId`, encrypted, for an access token of today; once, and the one before it dies. */
  exchange(requestToken: string): { token: string; customerId: string } | undefined {
    const [customerId = '', requestId = ''] = this.cipher.decrypt(requestToken)?.split('|') ?? [];
    if (this.requests.get(requestId) !== customerId || customerId === '') return undefined;
    this.requests.delete(requestId);
    for (const [token, owner] of this.tokens) if (owner.customerId === customerId) this.tokens.delete(token);
    const token = randomBytes(32).toString('hex');
    this.tokens.set(token, { customerId, endsAt: istDayEnd(this.now()) });
    return { token, customerId };
  }

  /** Whose access token it is; `undefined` for a dead one. */
  customerOf(token: string | undefined): string | undefined {
    const access = token === undefined ? undefined : this.tokens.get(token);
    return access && access.endsAt > this.now() ? access.customerId : undefined;
  }

  /** Ends every access token. */
  killAll(): void {
    this.tokens.clear();
  }
}

function istDayEnd(time: number): number {
  return Math.floor((time + IST_OFFSET_MS) / DAY_MS) * DAY_MS - IST_OFFSET_MS + DAY_MS;
}
