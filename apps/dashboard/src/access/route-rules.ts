import { type Access, ENDPOINT_NAMES, endpoints, isServedBy, type Role } from '@tickbridge/contracts';

/** Who may use a route, whether a person proves anew who they are, and how its use stands in the audit log. */
export interface RouteRule {
  /** `public`: anybody; `page`: anybody, who without a session is led to the sign-in; `self`: whoever is signed in. */
  readonly least: 'public' | 'page' | 'self' | Role;
  /** When it needs a proof of identity not older than five minutes. */
  readonly confirm?: Confirmation;
  /** Its use is kept in the audit log under this name. Routes that write to the log themselves have none. */
  readonly audit?: string;
}

type Confirmation = NonNullable<Access['confirm']>;

/** Pages and files of the dashboard, which are no endpoints. */
const PAGES: Readonly<Record<string, RouteRule>> = {
  'GET /': { least: 'page' },
  'GET /sign-in': { least: 'public' },
  'GET /broker-login': { least: 'public' },
  'GET /favicon.svg': { least: 'public' },
  'GET /docs': { least: 'viewer' },
  'GET /docs/*': { least: 'viewer' },
  'GET /docs-json': { least: 'viewer' },
  'GET /docs-yaml': { least: 'viewer' },
};

/**
 * The rule of every route: of the endpoints as their table says, and of the pages. A route that is not listed is for
 * admins alone.
 */
export const ROUTE_RULES: ReadonlyMap<string, RouteRule> = new Map([
  ...Object.entries(PAGES),
  ...ENDPOINT_NAMES.filter((name) => isServedBy(endpoints[name], 'dashboard')).map(
    (name): [string, RouteRule] => [name, ruleFor(endpoints[name].access)],
  ),
]);

function ruleFor({ least, ...rest }: Access): RouteRule {
  // What is for the services alone is nobody's at the dashboard; the internal key has the rights of an admin.
  return { ...rest, least: least === 'service' ? 'admin' : least };
}

/** Files of the web UI have their content's hash in their name; those of the sign-in are for anybody. */
const PUBLIC_ASSET = /^\/assets\/(sign-in|broker-login|theme)-[A-Za-z0-9_-]+\.(js|css)$/;
const ASSET = /^\/assets\/[\w.-]+$/;

const UNLISTED: RouteRule = { least: 'admin' };

/**
 * The rule of a request.
 *
 * @param route as registered, `/api/v1/orders/:id`; `undefined` where none matches
 */
export function ruleOf(method: string, route: string | undefined): RouteRule {
  if (route === undefined) return UNLISTED;
  if (PUBLIC_ASSET.test(route)) return { least: 'public' };
  if (ASSET.test(route)) return { least: 'self' };
  const reading = method === 'HEAD' ? 'GET' : method;
  return ROUTE_RULES.get(`${reading} ${route}`) ?? UNLISTED;
}

/** Whether a request needs a fresh proof of identity under this rule. */
export function needsProof({ confirm }: RouteRule, { body, params }: ProofRequest): boolean {
  switch (confirm) {
    case undefined:
      return false;
    case 'always':
      return true;
    // Arming lets real money move; switching off and disarming must never have to wait for a password.
    case 'to-arm':
      return fieldOf(body, 'armed') === true;
    // Closing every position is an act of its own beside the steps that only stop something.
    case 'to-flatten':
      return fieldOf(params, 'command') === 'flatten';
  }
}

interface ProofRequest {
  readonly body?: unknown;
  readonly params?: unknown;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
