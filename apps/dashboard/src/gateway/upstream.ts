import { Injectable, Logger } from '@nestjs/common';
import { problemSchema } from '@tickbridge/contracts';
import { ProblemException, type BridgeUrls } from '@tickbridge/service-bootstrap';
import { DashboardConfig } from '../app.config';
import { assertAnswerOfService, unreadable, upstreamProblem } from './upstream-problems';

export type ServiceName = keyof BridgeUrls;

const TITLES: Record<ServiceName, string> = {
  marketData: 'market-data',
  orchestrator: 'orchestrator',
  riskManager: 'risk-manager',
};

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

  constructor(private readonly config: DashboardConfig) {}

  /**
   * Asks a service; whatever it answers is the answer, problems included.
   *
   * @throws ProblemException 503 when the service cannot be reached, 504 when it does not answer in time, 502 when what
   *   came is no answer of such a service, or when it refuses this dashboard itself
   */
  async ask(service: ServiceName, request: UpstreamRequest): Promise<UpstreamAnswer> {
    const { method = 'GET', path, query, body } = request;
    const search = query?.size ? `?${query.toString()}` : '';
    try {
      const response = await fetch(`${this.config.services[service]}${path}${search}`, {
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
      assertAnswerOfService(TITLES[service], answer);
      return answer;
    } catch (error) {
      if (error instanceof ProblemException) throw error;
      throw upstreamProblem(TITLES[service], error);
    }
  }

  /** A read whose answer is needed as data; `undefined` when the service does not give it. */
  async read(service: ServiceName, path: string, query?: URLSearchParams): Promise<unknown> {
    try {
      const answer = await this.ask(service, { path, ...(query && { query }) });
      return answer.status === 200 ? JSON.parse(answer.body.toString('utf8')) : undefined;
    } catch (error) {
      this.log.debug(`${TITLES[service]} ${path}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }

  /**
   * A read whose answer is needed as data, or the reason why there is none.
   *
   * @throws ProblemException as the service answered it, or when it cannot be reached
   */
  async mustRead(service: ServiceName, path: string, query?: URLSearchParams): Promise<unknown> {
    const answer = await this.ask(service, { path, ...(query && { query }) });
    const body = jsonOf(answer);
    if (answer.status === 200 && body !== undefined) return body;
    const problem = problemSchema.safeParse(body);
    if (!problem.success) throw unreadable(TITLES[service]);
    const { status, code, detail, fields } = problem.data;
    throw new ProblemException(status, code, detail, fields);
  }
}

function jsonOf({ body }: UpstreamAnswer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    // Told as an unreadable answer by whoever asked.
    return undefined;
  }
}
