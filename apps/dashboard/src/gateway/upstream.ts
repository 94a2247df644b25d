import { Injectable, Logger } from '@nestjs/common';
import { problemSchema, type ServiceName } from '@tickbridge/contracts';
import { ServiceDirectory } from '@tickbridge/database';
import { ProblemException, type BridgeUrls } from '@tickbridge/service-bootstrap';
import { DashboardConfig } from '../config/app.config';
import {
  assertAnswerOfService,
  UnansweredProblem,
  unreadable,
  upstreamProblem,
  wasNotSent,
} from './upstream-problems';

/** A service behind the dashboard. */
export type UpstreamName = Exclude<ServiceName, 'dashboard'>;

/** Names of the services among the addresses of the configuration. */
const ADDRESSES = {
  'market-data': 'marketData',
  orchestrator: 'orchestrator',
  'risk-manager': 'riskManager',
} as const satisfies Record<UpstreamName, keyof BridgeUrls>;

/** Longest wait for an answer (ms). Writes may reach a broker and get more. */
const READ_TIMEOUT_MS = 3_000;
const WRITE_TIMEOUT_MS = 10_000;

export interface UpstreamRequest {
  method?: string;
  /** Path below the service's address, its segments encoded. */
  path: string;
  query?: URLSearchParams;
  body?: unknown;
}

export interface UpstreamAnswer {
  status: number;
  headers: Headers;
  body: Buffer;
}

/** The services behind the dashboard, over HTTP with the services' own key. */
@Injectable()
export class Upstream {
  private readonly log = new Logger(Upstream.name);

  /** Instances that answered where the configured address did not; kept while they do. */
  private readonly standIns = new Map<UpstreamName, string>();

  constructor(
    private readonly config: DashboardConfig,
    private readonly directory: ServiceDirectory,
  ) {}

  /**
   * Asks a service; whatever it answers is the answer, problems included. Where the configured instance cannot be
   * reached, another that runs is asked; a write only when the first one has not got it.
   *
   * @throws ProblemException 503 when the service cannot be reached, 504 when it does not answer in time, 502 when what
   *   came is no answer of such a service, or when it refuses this dashboard itself
   */
  async ask(service: UpstreamName, request: UpstreamRequest): Promise<UpstreamAnswer> {
    const first = this.standIns.get(service) ?? this.configured(service);
    try {
      return await this.askAt(first, service, request);
    } catch (error) {
      const mayAskAnother = isRead(request) ? error instanceof UnansweredProblem : wasNotSent(error);
      if (!mayAskAnother) throw error;
      return this.askAnother(first, service, request, error);
    }
  }

  /** @throws the first failure when no other instance answers */
  private async askAnother(
    first: string,
    service: UpstreamName,
    request: UpstreamRequest,
    failure: unknown,
  ): Promise<UpstreamAnswer> {
    this.standIns.delete(service);
    for (const address of await this.others(first, service)) {
      try {
        const answer = await this.askAt(address, service, request);
        if (address !== this.configured(service)) this.standIns.set(service, address);
        return answer;
      } catch (error) {
        if (!isRead(request) && !wasNotSent(error)) throw error;
      }
    }
    throw failure;
  }

  private configured(service: UpstreamName): string {
    return this.config.services[ADDRESSES[service]];
  }

  private async others(first: string, service: UpstreamName): Promise<string[]> {
    const running = await this.directory.addresses(service).catch((error: unknown) => {
      this.log.debug(`no other instance of ${service} is known: ${String(error)}`);
      return [];
    });
    return [...new Set([this.configured(service), ...running])].filter((address) => address !== first);
  }

  private async askAt(
    address: string,
    service: UpstreamName,
    request: UpstreamRequest,
  ): Promise<UpstreamAnswer> {
    const { method = 'GET', path, query, body } = request;
    const search = query?.size ? `?${query.toString()}` : '';
    try {
      const response = await fetch(`${address}${path}${search}`, {
        method,
        headers: {
          authorization: `Bearer ${this.config.serviceKey}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(method === 'GET' ? READ_TIMEOUT_MS : WRITE_TIMEOUT_MS),
        redirect: 'manual',
      });
      const { status, headers } = response;
      const answer = { status, headers, body: Buffer.from(await response.arrayBuffer()) };
      assertAnswerOfService(service, answer);
      return answer;
    } catch (error) {
      if (error instanceof ProblemException) throw error;
      throw upstreamProblem(service, error);
    }
  }

  /** A read whose answer is needed as data; `undefined` when the service does not give it. */
  async read(service: UpstreamName, path: string, query?: URLSearchParams): Promise<unknown> {
    try {
      const answer = await this.ask(service, { path, ...(query && { query }) });
      return answer.status === 200 ? JSON.parse(answer.body.toString('utf8')) : undefined;
    } catch (error) {
      this.log.debug(`${service} ${path}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }

  /**
   * A read whose answer is needed as data, or the reason why there is none.
   *
   * @throws ProblemException as the service answered it, or when it cannot be reached
   */
  async mustRead(service: UpstreamName, path: string, query?: URLSearchParams): Promise<unknown> {
    const answer = await this.ask(service, { path, ...(query && { query }) });
    const body = jsonOf(answer);
    if (answer.status === 200 && body !== undefined) return body;
    const problem = problemSchema.safeParse(body);
    if (!problem.success) throw unreadable(service);
    const { status, code, detail, fields } = problem.data;
    throw new ProblemException(status, code, detail, fields);
  }
}

function isRead({ method = 'GET' }: UpstreamRequest): boolean {
  return method === 'GET';
}

function jsonOf({ body }: UpstreamAnswer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    // Told as an unreadable answer by whoever asked.
    return undefined;
  }
}
