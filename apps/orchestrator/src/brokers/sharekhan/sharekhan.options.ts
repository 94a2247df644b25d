/** `INVESTMENT` is delivery; the others are intraday with the broker's leverage. */
export type ShareKhanProductType = 'INVESTMENT' | 'BIGTRADE' | 'BIGTRADEPLUS';

/** How ShareKhan is reached; also the injection token the settings are had by. */
export abstract class ShareKhanOptions {
  abstract readonly apiKey: string;
  /** 32 characters. */
  abstract readonly secretKey: string;
  /** `https://api.sharekhan.com`, without a trailing slash. */
  abstract readonly url: string;
  /** `wss://stream.sharekhan.com/skstream/api/stream`. */
  abstract readonly streamUrl: string;
  /** A call without an answer is given up after this long (milliseconds); what it did is then not known. */
  abstract readonly timeoutMs: number;
  /** Calls that may leave within a second. */
  abstract readonly callsPerSecond: number;
  /** What intraday orders are sent as: with the broker's leverage and square-off, or as delivery. */
  abstract readonly intradayProductType: ShareKhanProductType;
}

/** Version of ShareKhan's login this platform speaks. It decides how request tokens are written. */
export const VERSION_ID = '1005';

/** NSE's cash segment, the only one traded. */
export const EXCHANGE = 'NC';
