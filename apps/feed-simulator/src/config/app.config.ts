import {
  httpUrl,
  parseEnvironment,
  port,
  readableFiles,
  serviceConfig,
  serviceEnvironment,
  type ServiceConfig,
} from '@tickbridge/service-bootstrap';
import { z } from 'zod';

const schema = z.object({
  ...serviceEnvironment,
  SIMULATOR_PORT: port(8084),
  SIMULATOR_SEED: z.coerce.number('expected a whole number').int().min(0).default(1),
  SIMULATOR_TICKS_PER_SECOND: z.coerce.number('expected a number').min(1).max(100_000).default(1_500),
  SIMULATOR_PASSWORD: z.string().min(1).default('simulator'),
  SIMULATOR_MAX_SYMBOLS: z.coerce.number('expected a whole number').int().min(1).default(250),
  SIMULATOR_HEARTBEAT_MS: z.coerce.number('expected milliseconds').int().min(50).default(5_000),
  SIMULATOR_GHOST_SESSION_MS: z.coerce.number('expected milliseconds').int().min(0).default(0),
  SIMULATOR_BINANCE_FILES: readableFiles.default([]),
  DASHBOARD_PORT: port(8002),
  SIMULATOR_ALPACA_KEY: z.string().min(1).default('simulated-key'),
  SIMULATOR_ALPACA_SECRET: z.string().min(1).default('simulated-secret'),
  SIMULATOR_ALPACA_MAX_SYMBOLS: z.coerce.number('expected a whole number').int().min(1).default(30),
  SIMULATOR_SHAREKHAN_API_KEY: z.string().min(1).default('simulated-api-key'),
  SIMULATOR_SHAREKHAN_SECRET_KEY: z
    .string()
    .refine((key) => Buffer.byteLength(key) === 32, 'expected 32 bytes')
    .default('0123456789abcdef0123456789abcdef'),
  SIMULATOR_SHAREKHAN_REDIRECT_URL: httpUrl.optional(),
  SIMULATOR_BINANCE_SPEED: z.coerce.number('expected a factor above 0').positive().default(1),
});

/** Settings of the simulator; also the injection token they are had by. */
export abstract class SimulatorConfig implements ServiceConfig {
  abstract readonly port: number;
  abstract readonly portVariable: string;
  abstract readonly bindAddress: string;
  abstract readonly logLevel: string;
  abstract readonly logPretty: boolean;
  abstract readonly internalApiKey: string;
  abstract readonly installation: ServiceConfig['installation'];
  abstract readonly serviceKey: string;
  abstract readonly allowedHosts: readonly string[];
  abstract readonly trustedProxies: readonly string[];
  /** The vendor knows nothing of our Redis. */
  abstract readonly redis: undefined;
  /** Same seed, same market. */
  abstract readonly seed: number;
  /** Trades and quote changes of all symbols together. */
  abstract readonly ticksPerSecond: number;
  /** Any user name is let in with this password. */
  abstract readonly password: string;
  /** Subscription budget of a login. */
  abstract readonly maxSymbols: number;
  abstract readonly heartbeatMs: number;
  /** A login whose client vanished without logout stays taken for so long (ms). */
  abstract readonly ghostSessionMs: number;
  /** Recordings served as Binance; none switches that protocol off. */
  abstract readonly binanceFiles: readonly string[];
  abstract readonly binanceSpeed: number;
  /** Login of the simulated Alpaca, and the symbols that its plan takes. */
  abstract readonly alpaca: { readonly key: string; readonly secret: string; readonly maxSymbols: number };
  /** The app that is known at the simulated broker. */
  abstract readonly shareKhan: {
    readonly apiKey: string;
    readonly secretKey: string;
    /** Where its login page sends browsers back to. */
    readonly redirectUrl: string;
  };
}

/**
 * Settings of this service from the environment.
 *
 * @throws ConfigurationError naming every variable that cannot be used
 */
export function readConfig(environment: Record<string, string | undefined>): SimulatorConfig {
  const env = parseEnvironment(schema, environment);
  return Object.freeze({
    ...serviceConfig(env, 'SIMULATOR_PORT'),
    redis: undefined,
    seed: env.SIMULATOR_SEED,
    ticksPerSecond: env.SIMULATOR_TICKS_PER_SECOND,
    password: env.SIMULATOR_PASSWORD,
    maxSymbols: env.SIMULATOR_MAX_SYMBOLS,
    heartbeatMs: env.SIMULATOR_HEARTBEAT_MS,
    ghostSessionMs: env.SIMULATOR_GHOST_SESSION_MS,
    binanceFiles: env.SIMULATOR_BINANCE_FILES,
    binanceSpeed: env.SIMULATOR_BINANCE_SPEED,
    alpaca: {
      key: env.SIMULATOR_ALPACA_KEY,
      secret: env.SIMULATOR_ALPACA_SECRET,
      maxSymbols: env.SIMULATOR_ALPACA_MAX_SYMBOLS,
    },
    shareKhan: {
      apiKey: env.SIMULATOR_SHAREKHAN_API_KEY,
      secretKey: env.SIMULATOR_SHAREKHAN_SECRET_KEY,
      redirectUrl:
        env.SIMULATOR_SHAREKHAN_REDIRECT_URL ?? `http://127.0.0.1:${env.DASHBOARD_PORT}/broker-login`,
    },
  });
}
