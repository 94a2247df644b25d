import { z } from 'zod';
import type { Role } from '../platform/identity';
import { PROBLEM_STATUSES, type ProblemCode, type ProblemStatus } from '../platform/problem-codes';
import type { ServiceName, Tag } from './services';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Method and path, `POST /api/v1/orders/:id/cancel`: the name of an endpoint. */
export type Route = `${HttpMethod} /${string}`;

/**
 * Who may use an endpoint at the dashboard.
 *
 * `public`: anybody; `self`: whoever is signed in; a role: whoever has it or a higher one; `service`: nobody, because the
 * dashboard does not pass it on.
 */
export interface Access {
  readonly least: 'public' | 'self' | 'service' | Role;
  /** Needs a proof of identity not older than five minutes; `to-arm` and `to-flatten` limit that to these acts. */
  readonly confirm?: 'always' | 'to-arm' | 'to-flatten';
  /** Its use is kept in the audit log under this name. Endpoints that write to the log themselves have none. */
  readonly audit?: string;
}

/** When a code is answered; by status where the code has several. */
export type ProblemsOf = {
  readonly [Code in ProblemCode]?: string | Readonly<Partial<Record<ProblemStatus<Code>, string>>>;
};

const none = z.strictObject({});
type None = typeof none;

interface Described {
  /** The service that answers it; `every` service for health and metrics. */
  readonly owner: ServiceName | 'every';
  /** Services that answer it from what they know themselves instead of passing it on. */
  readonly alsoServedBy?: readonly ServiceName[];
  readonly tag: Tag;
  readonly summary: string;
  readonly description?: string;
  readonly access: Access;
  /** Status of success (default 200). */
  readonly status?: 200 | 201 | 202 | 204;
  /** Media types of the answer (default JSON). */
  readonly media?: readonly string[];
  /** Problems beside those that every endpoint has. */
  readonly errors: ProblemsOf;
  /** `session`: the dashboard adds the session that asks; it is nobody else's to say. */
  readonly filledIn?: 'session';
}

/** One endpoint: everything that its service, the gateway, the web UI and the API page know of it. */
export interface Endpoint<
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> extends Described {
  readonly params: Params;
  readonly query: Query;
  /** `z.undefined()` where no body is read. */
  readonly body: Body;
  readonly answer: Answer;
  /** Bodies by what they show. */
  readonly bodyExamples: Readonly<Record<string, unknown>>;
  readonly answerExample: unknown;
}

type Spec<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Answer extends z.ZodType,
> = Described & {
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly answer: Answer;
  readonly bodyExamples?: Readonly<Record<string, z.input<Body>>>;
  readonly answerExample: z.output<Answer>;
};

/** Describes an endpoint; its examples have the types of its schemas. */
export function endpoint<
  Answer extends z.ZodType,
  Params extends z.ZodObject = None,
  Query extends z.ZodObject = None,
  Body extends z.ZodType = z.ZodUndefined,
>(spec: Spec<Params, Query, Body, Answer>): Endpoint<Params, Query, Body, Answer> {
  return {
    ...spec,
    params: spec.params ?? (none as unknown as Params),
    query: spec.query ?? (none as unknown as Query),
    body: spec.body ?? (z.undefined() as unknown as Body),
    bodyExamples: spec.bodyExamples ?? {},
  };
}

/** The answer of an endpoint that answers with status 204. */
export const nothing = z.undefined();

/** Whether a request to the endpoint carries a body. */
export function takesBody({ body }: Pick<Endpoint, 'body'>): boolean {
  return !(body instanceof z.ZodUndefined);
}

/** Whether its body says who acts: the dashboard fills in the name of whoever is signed in. */
export function namesCaller({ body }: Pick<Endpoint, 'body'>): boolean {
  return body instanceof z.ZodObject && 'by' in body.shape;
}

/** A problem of an endpoint, with the status and the occasion. */
export interface DocumentedProblem {
  readonly code: ProblemCode;
  readonly status: number;
  readonly when: string;
}

/** The problems as a list. */
export function problemList(problems: ProblemsOf): DocumentedProblem[] {
  return Object.entries(problems).flatMap(([name, when]) => {
    const code = name as ProblemCode;
    if (typeof when === 'string') return [{ code, status: PROBLEM_STATUSES[code][0], when }];
    return Object.entries(when).map(([status, text]) => ({ code, status: Number(status), when: text }));
  });
}
