import { type Access, type Endpoint, type HttpMethod, type ProblemsOf, takesBody } from './endpoint';
import type { ServiceName } from './services';

/** Of endpoints that read or write PostgreSQL. */
export const database = {
  DATABASE_UNAVAILABLE: 'PostgreSQL cannot be reached',
  DATABASE_FULL: 'PostgreSQL has no room left on its disk',
} as const satisfies ProblemsOf;

/** Of endpoints about one account. */
export const unknownAccount = { ACCOUNT_UNKNOWN: 'There is no such account' } as const satisfies ProblemsOf;

/** Of endpoints whose act belongs to the orchestrator that holds the account. */
export const heldAccount = {
  ACCOUNT_NOT_TRADED_HERE:
    'Another orchestrator holds the account and does not answer, or none has taken it yet',
} as const satisfies ProblemsOf;

const everywhere = {
  INVALID_INPUT: 'A field is missing, wrong or unknown; `fields` names each',
  HOST_NOT_ALLOWED: 'The Host header names another server',
  INTERNAL_ERROR: 'The service failed; its log has the reason',
} as const satisfies ProblemsOf;

const withBody = {
  BAD_REQUEST: 'The body is no JSON',
  INPUT_TOO_DEEP: 'The body nests more than 32 levels',
  PAYLOAD_TOO_LARGE: 'The body is longer than 64 KiB',
  UNSUPPORTED_MEDIA_TYPE: 'The body is not application/json',
} as const satisfies ProblemsOf;

const signedIn = {
  SIGN_IN_REQUIRED: 'The request carries neither a session nor a valid key',
  SESSIONS_UNAVAILABLE: 'The session cannot be checked while PostgreSQL is away',
  KEYS_UNAVAILABLE: 'The key cannot be checked while PostgreSQL is away',
} as const satisfies ProblemsOf;

const crossSite = {
  CROSS_SITE_REQUEST: 'The request was made by a page of another site',
} as const satisfies ProblemsOf;

const passedOn = {
  SERVICE_UNAVAILABLE: 'The service behind the dashboard cannot be reached',
  SERVICE_TIMEOUT: 'The service behind the dashboard did not answer in time',
  SERVICE_ANSWER_UNREADABLE: 'What answered is not the service, or its answer was cut off',
  SERVICE_REFUSED_DASHBOARD: "The service refuses the dashboard's own key or address",
} as const satisfies ProblemsOf;

const CONFIRMATIONS: Record<NonNullable<Access['confirm']>, string> = {
  always: 'The last proof of identity is older than five minutes',
  'to-arm': 'Arming needs a proof of identity not older than five minutes',
  'to-flatten': 'flatten needs a proof of identity not older than five minutes',
};

/** The problems of an endpoint as one service answers it: its own, and those of the way to it. */
export function problemsOf(method: HttpMethod, endpoint: Endpoint, service: ServiceName): ProblemsOf {
  const { owner, access, errors } = endpoint;
  const common = { ...everywhere, ...(takesBody(endpoint) && withBody) };
  const write = method !== 'GET';
  if (service !== 'dashboard') {
    if (owner === 'every' && access.least === 'public') return { ...common, ...errors };
    return { ...common, INTERNAL_KEY_REQUIRED: 'The internal key is missing or wrong', ...errors };
  }
  if (access.least === 'public') return { ...common, ...(write && crossSite), ...errors };
  return {
    ...common,
    ...signedIn,
    ...(write && crossSite),
    ...(access.least !== 'self' && {
      ROLE_TOO_LOW: `The caller's role does not reach ${access.least}`,
      SECOND_FACTOR_REQUIRED: 'This installation requires a second factor and none is set up',
    }),
    ...(access.confirm && { CONFIRMATION_REQUIRED: CONFIRMATIONS[access.confirm] }),
    ...(isPassedOn(endpoint) && passedOn),
    ...errors,
  };
}

/** Whether the dashboard hands the request to the service that owns the endpoint. */
export function isPassedOn({ owner, alsoServedBy = [], access }: Endpoint): boolean {
  return (
    owner !== 'every' &&
    owner !== 'dashboard' &&
    access.least !== 'service' &&
    !alsoServedBy.includes('dashboard')
  );
}

/** Whether the service answers the endpoint, be it by passing it on. */
export function isServedBy(endpoint: Endpoint, service: ServiceName): boolean {
  const { owner, alsoServedBy = [] } = endpoint;
  if (owner === 'every' || owner === service || alsoServedBy.includes(service)) return true;
  return service === 'dashboard' && isPassedOn(endpoint);
}
