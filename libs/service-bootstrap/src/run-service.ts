import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isService } from '@tickbridge/contracts';
import { apiDocument } from './api/api-document';
import { ConfigurationError } from './config/environment';
import type { ServiceConfig } from './config/service-config';
import { type AccessCheck, internalAccess } from './http/access';
import { AllowedHosts, hostRefusal } from './http/allowed-hosts';
import { limitInputDepth } from './http/input-depth';
import { describeProblem, ProblemFilter, sendProblem } from './http/problem.filter';
import { addSecurityHeaders } from './http/security-headers';
import { nameScripts } from './http/script-name';
import { InputPipe } from './http/validation.pipe';
import { createLog, PinoLogger } from './logging/pino.logger';
import { BusSecurity } from './messaging/bus-security';
import { redisTransportOptions } from './messaging/redis-transport.options';
import { ResilientRedisServer } from './messaging/resilient-redis.server';
import { measureHttp } from './metrics/http.metrics';
import { MetricsRegistry } from './metrics/metrics.registry';
import { ServiceBootstrapModule } from './service-bootstrap.module';
import { EXIT_CONFIGURATION } from './refuse-start';
import { ServiceAddress } from './service-address';
import type { ServiceIdentity } from './config/service-identity';

export interface ServiceDefinition<Config extends ServiceConfig> extends ServiceIdentity {
  /** Reads the environment; throws `ConfigurationError` naming every bad variable. */
  readonly readConfig: (environment: NodeJS.ProcessEnv) => Config;
  /** Root module of the app for this configuration. */
  readonly module: (config: Config) => Type | DynamicModule;
  /** Who may call; default: `internalAccess`. */
  readonly access?: (app: NestFastifyApplication, config: Config) => AccessCheck;
  /** Last touches before the service listens: plugins, static files, hooks. */
  readonly prepare?: (app: NestFastifyApplication, config: Config) => Promise<void>;
}

/** A request body larger than this is refused (bytes). */
const BODY_LIMIT_BYTES = 64 * 1024;
/** Answered under any host name. */
const LIVENESS = '/health/live';
/** A request, headers and body, has to be here within this time (milliseconds). */
const REQUEST_LIMIT_MS = 10_000;
/** A shutdown that takes longer is ended (milliseconds). */
const SHUTDOWN_LIMIT_MS = 10_000;

@Module({})
class RootModule {}

/**
 * Starts a service: configuration, log, HTTP with problem documents, Swagger, health, metrics, Redis transport,
 * and shutdown on SIGINT, SIGTERM or when the process that started it is gone.
 */
export async function runService<Config extends ServiceConfig>(
  definition: ServiceDefinition<Config>,
): Promise<void> {
  const config = readConfigOrExit(definition);
  const log = createLog({ service: definition.name, level: config.logLevel, pretty: config.logPretty });
  process.on('unhandledRejection', (error) => {
    log.fatal({ err: error }, 'unhandled rejection');
    process.exit(1);
  });
  try {
    const app = await createApp(definition, config, new PinoLogger(log));
    await app.listen({ port: config.port, host: config.bindAddress });
    const { port } = app.getHttpServer().address() as AddressInfo;
    app.get(ServiceAddress).listensOn(config.bindAddress, port);
    endWithParent(app, log);
    log.info({ address: await app.getUrl() }, `${definition.title} listens`);
    process.send?.({ type: 'listening', service: definition.name, address: await app.getUrl() });
  } catch (error) {
    const reason = describeStartFailure(error, definition, config);
    log.fatal({ err: error }, reason);
    process.stderr.write(`${reason}\n`, () => process.exit(1));
  }
}

/** The whole application, ready to listen; tests use it with a configuration of their own. */
export async function createApp<Config extends ServiceConfig>(
  definition: ServiceDefinition<Config>,
  config: Config,
  logger: PinoLogger | false,
): Promise<NestFastifyApplication> {
  const { name, title, description } = definition;
  const root: DynamicModule = {
    module: RootModule,
    imports: [
      ServiceBootstrapModule.forService({ name, title, description }, config),
      definition.module(config),
    ],
  };
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    // Whoever sends a request drop by drop holds a connection no longer than this.
    requestTimeout: REQUEST_LIMIT_MS,
    http: { connectionsCheckingInterval: 1_000, headersTimeout: REQUEST_LIMIT_MS },
    forceCloseConnections: true,
    // The caller's address is a proxy's to say only where that proxy is named.
    trustProxy: config.trustedProxies?.length ? [...config.trustedProxies] : false,
    // A path that cannot be decoded never reaches Nest.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(describeProblem(error), request, reply),
    routerOptions: { maxParamLength: 200 },
  });
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    logger,
    abortOnError: false,
  });
  app.useGlobalFilters(new ProblemFilter());
  app.useGlobalPipes(new InputPipe());
  app.enableShutdownHooks();

  const server = app.getHttpAdapter().getInstance();
  measureHttp(server, app.get(MetricsRegistry));
  addSecurityHeaders(server, config.behindTls ?? false);
  const hosts = new AllowedHosts(config.bindAddress, config.allowedHosts);
  const check =
    definition.access?.(app, config) ??
    internalAccess(config.bindAddress, config.internalApiKey, config.serviceKey);
  server.addHook('onRequest', async (request) => {
    // Probes call by whatever address they have, and learn nothing but that the process runs.
    if (!hosts.allows(request.raw) && request.routeOptions.url !== LIVENESS) throw hostRefusal();
    await check(request);
  });
  limitInputDepth(server);
  nameScripts(server);
  await definition.prepare?.(app, config);

  if (config.redis) {
    app.connectMicroservice(
      { strategy: new ResilientRedisServer(redisTransportOptions(config.redis), app.get(BusSecurity)) },
      { inheritAppConfig: true },
    );
    await app.startAllMicroservices();
  }
  SwaggerModule.setup('docs', app, () => specificationOf(app, definition), {
    jsonDocumentUrl: 'docs-json',
    yamlDocumentUrl: 'docs-yaml',
    customSiteTitle: `Tickbridge ${title}`,
  });
  await app.init();
  return app;
}

/** Of a service of the platform from the table of endpoints, of any other from its controllers. */
function specificationOf(
  app: NestFastifyApplication,
  { name, title, description }: ServiceIdentity,
): OpenAPIObject {
  if (isService(name)) return apiDocument(name);
  const document = new DocumentBuilder()
    .setTitle(`Tickbridge ${title}`)
    .setDescription(description)
    .addBearerAuth()
    .build();
  return SwaggerModule.createDocument(app, document);
}

function readConfigOrExit<Config extends ServiceConfig>(definition: ServiceDefinition<Config>): Config {
  try {
    return definition.readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${definition.name} cannot start. ${error.message}\n`);
    process.exit(EXIT_CONFIGURATION);
  }
}

function describeStartFailure(error: unknown, definition: ServiceIdentity, config: ServiceConfig): string {
  if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
    return (
      `${definition.name} cannot start: port ${config.port} on ${config.bindAddress} is in use. ` +
      `Stop what listens there or set ${config.portVariable} to a free port.`
    );
  }
  return `${definition.name} cannot start`;
}

/** A service started by another process through IPC does not outlive it. */
function endWithParent(app: NestFastifyApplication, log: { info: (message: string) => void }): void {
  const end = () => {
    setTimeout(() => process.exit(1), SHUTDOWN_LIMIT_MS).unref();
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  if (!process.connected) return;
  process.once('disconnect', () => {
    log.info('the starting process is gone, stopping');
    end();
    void app.close().finally(() => process.exit(0));
  });
}
