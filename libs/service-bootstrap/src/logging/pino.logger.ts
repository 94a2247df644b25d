import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { logOutput } from './log-output';

/** Fields that must never be readable in a log line, at any depth up to three. */
const SECRET_FIELDS = [
  'password',
  'token',
  'accessToken',
  'requestToken',
  'secret',
  'apiKey',
  'authorization',
  'cookie',
  'ciphertext',
];

/** `scheme://user:password@host` and `?password=…` inside texts. */
const SECRETS_IN_TEXT: readonly [RegExp, string][] = [
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s@/]+@/gi, '$1:***@'],
  [/([?&](?:password|access_token|token|api_key)=)[^&\s"']+/gi, '$1***'],
  [/(Bearer\s+)[A-Za-z0-9+/=._~-]+/gi, '$1***'],
];

/** The text without passwords in addresses, tokens in queries and bearer keys. */
export function withoutSecrets(text: string): string {
  return SECRETS_IN_TEXT.reduce(
    (result, [pattern, replacement]) => result.replace(pattern, replacement),
    text,
  );
}

export interface LogOptions {
  service: string;
  level: string;
  /** Lines for people instead of JSON. */
  pretty: boolean;
}

/**
 * Structured log of one service, secrets redacted.
 *
 * @param destination where lines go; standard output by default
 */
export function createLog(options: LogOptions, destination?: DestinationStream): Logger {
  const settings: LoggerOptions = {
    level: options.level,
    base: { service: options.service },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
      censor: '***',
    },
    formatters: { level: (label) => ({ level: label }) },
    serializers: {
      err: (error: Error) => ({
        type: error.name,
        message: withoutSecrets(error.message),
        stack: withoutSecrets(error.stack ?? ''),
      }),
    },
    ...(options.pretty && {
      transport: {
        target: 'pino-pretty',
        options: { ignore: 'pid,hostname,service', messageFormat: '{service} {msg}' },
      },
    }),
  };
  if (destination) return pino(settings, destination);
  return options.pretty ? pino(settings) : pino(settings, logOutput());
}

/** Nest's account of its own wiring: of use only to someone debugging it. */
const WIRING = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
  'NestMicroservice',
]);

/** Lets Nest and everything that uses Nest's `Logger` write to the structured log. */
export class PinoLogger implements LoggerService {
  constructor(private readonly target: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write(WIRING.has(String(rest.at(-1))) ? 'debug' : 'info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** Nest passes the context as the last argument, and for errors a stack before it. */
  private write(
    level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal',
    message: unknown,
    rest: unknown[],
  ) {
    const context = typeof rest.at(-1) === 'string' ? (rest.at(-1) as string) : undefined;
    const stack = rest.length > 1 && typeof rest[0] === 'string' ? withoutSecrets(rest[0]) : undefined;
    const fields = { ...(context && { context }), ...(stack && { stack }) };
    if (message instanceof Error)
      this.target[level]({ ...fields, err: message }, withoutSecrets(message.message));
    else if (typeof message === 'object' && message !== null) this.target[level]({ ...message, ...fields });
    else this.target[level](fields, withoutSecrets(String(message)));
  }
}
