import { accessSync, constants } from 'node:fs';
import { isIP } from 'node:net';
import { z } from 'zod';
import { feedNamesSchema } from '@tickbridge/contracts';
import ipaddr from 'ipaddr.js';
import { installationEnvironment } from './installation';
import { sharedSecret } from './secret-file';

/** A TCP port; 0 lets the system choose. */
export const portNumber = z.coerce
  .number('expected a port number')
  .int('expected a whole number')
  .min(0, 'expected a port from 0 to 65535')
  .max(65_535, 'expected a port from 0 to 65535');

/** A TCP port with a default; 0 lets the system choose. */
export function port(defaultPort: number) {
  return portNumber.default(defaultPort);
}

/** `true`, `false`, `1`, `0`, `yes`, `no`, `on`, `off`. */
export const flag = z.stringbool('expected true or false');

/** `http://` or `https://` address without a trailing slash. */
export const httpUrl = z
  .url({ protocol: /^https?$/, error: 'expected an http:// or https:// address' })
  .transform((url) => url.replace(/\/+$/, ''));

export const webSocketUrl = z.url({ protocol: /^wss?$/, error: 'expected a ws:// or wss:// address' });

/** Comma list; blanks around entries and empty entries are dropped. */
export const commaList = z.string().transform((text) =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ''),
);

/** A host name or address without scheme, port or path. */
export const hostName = z
  .string()
  .regex(/^(\[?[0-9a-f:.]+\]?|[a-z0-9._-]+)$/i, 'expected host names without scheme, port or path')
  .transform((host) => host.toLowerCase());

function isAddressOrNetwork(text: string): boolean {
  return text.includes('/') ? ipaddr.isValidCIDR(text) : ipaddr.isValid(text);
}

/** Comma list of files that must be readable; the message counts to those that are not. */
export const readableFiles = commaList.superRefine((paths, context) => {
  paths.forEach((path, index) => {
    if (isReadable(path)) return;
    context.addIssue({ code: 'custom', message: `file ${index + 1} of ${paths.length} cannot be read` });
  });
});

/** A file that must be readable. */
export const readableFile = z.string().refine(isReadable, 'expected a file that can be read');

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    // Missing or not readable: the same to whoever set the variable.
    return false;
  }
}

/** Under which addresses the services find each other. */
const serviceUrls = {
  MARKET_DATA_HTTP_URL: httpUrl.optional(),
  ORCHESTRATOR_HTTP_URL: httpUrl.optional(),
  RISK_MANAGER_HTTP_URL: httpUrl.optional(),
};

/** Variables every service knows. Spread into the app's own `z.object`. */
export const serviceEnvironment = {
  BIND_ADDRESS: z
    .string()
    .refine((address) => isIP(address) !== 0 || address === 'localhost', 'expected an IP address')
    .default('127.0.0.1'),
  /** Names the service is called by, beside loopback and its own address: against DNS rebinding. */
  ALLOWED_HOSTS: commaList.pipe(z.array(hostName)).default([]),
  /** Addresses or networks of the proxies whose X-Forwarded-For is believed. */
  TRUSTED_PROXIES: commaList
    .refine((entries) => entries.every(isAddressOrNetwork), 'expected addresses or networks as 10.0.0.0/8')
    .default([]),
  DATA_DIR: z.string().default('.data'),
  INTERNAL_API_KEY: z.string().min(16, 'expected at least 16 characters').optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  LOG_PRETTY: flag.default(false),
  ...installationEnvironment,
  ...serviceUrls,
};

/** Keys that secrets in the database are encrypted with. */
export const tokenKeyEnvironment = {
  TOKEN_ENCRYPTION_KEYS: commaList
    .refine((keys) => keys.length > 0 && keys.every((key) => Buffer.from(key, 'base64').length === 32), {
      message: 'expected base64 keys of 32 bytes, separated by commas',
    })
    .optional(),
};

/** The keys that were set, or the one that this installation made for itself. */
export function tokenEncryptionKeys(
  environment: z.output<z.ZodObject<typeof tokenKeyEnvironment>> & { DATA_DIR: string },
): readonly string[] {
  return environment.TOKEN_ENCRYPTION_KEYS ?? [sharedSecret(environment.DATA_DIR, 'token-encryption-key')];
}

export const databaseEnvironment = {
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'expected a postgres:// address' }).optional(),
};

/** Which feeds the platform runs on: they name the Redis keys and the trading clock. */
export const feedEnvironment = {
  FEED: commaList.pipe(feedNamesSchema).default(['simulator']),
};

/** Addresses of the HTTP bridges between the services; defaults follow the ports. */
export const bridgeEnvironment = {
  MARKET_DATA_PORT: port(8001),
  DASHBOARD_PORT: port(8002),
  ORCHESTRATOR_PORT: port(8003),
  RISK_MANAGER_PORT: port(8004),
  SIMULATOR_PORT: port(8084),
  ...serviceUrls,
};

export interface BridgeUrls {
  marketData: string;
  orchestrator: string;
  riskManager: string;
}

/** Addresses of the services behind the dashboard. */
export function bridgeUrls(environment: z.output<z.ZodObject<typeof bridgeEnvironment>>): BridgeUrls {
  return {
    marketData: environment.MARKET_DATA_HTTP_URL ?? `http://127.0.0.1:${environment.MARKET_DATA_PORT}`,
    orchestrator: environment.ORCHESTRATOR_HTTP_URL ?? `http://127.0.0.1:${environment.ORCHESTRATOR_PORT}`,
    riskManager: environment.RISK_MANAGER_HTTP_URL ?? `http://127.0.0.1:${environment.RISK_MANAGER_PORT}`,
  };
}
