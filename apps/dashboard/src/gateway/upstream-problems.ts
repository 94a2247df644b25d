import { ProblemException } from '@tickbridge/service-bootstrap';

/** What `fetch` fails with before anything of a request has left. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** A service gave no answer at all. */
export class UnansweredProblem extends ProblemException {
  constructor(
    status: number,
    code: string,
    detail: string,
    /** Nothing of the request has left. */
    readonly notSent: boolean,
  ) {
    super(status, code, detail, undefined, { 'retry-after': '2' });
  }
}

/** Refusals that mean this dashboard, not the person it asks for. */
const REFUSED_CODES = new Map([
  ['INTERNAL_KEY_REQUIRED', 'Give both the same INTERNAL_API_KEY or DATA_DIR.'],
  ['HOST_NOT_ALLOWED', 'Add the name in its *_HTTP_URL to the ALLOWED_HOSTS of that service.'],
]);

interface Answer {
  status: number;
  headers: Headers;
  body: Buffer;
}

/**
 * Checks that an answer came from the service that was asked, and was meant for the caller.
 *
 * @param name of the service, for people
 * @throws ProblemException 502 for a foreign server on its port, and for a refusal of this dashboard's own key or address
 */
export function assertAnswerOfService(name: string, { status, headers, body }: Answer): void {
  if (status === 204 || status === 304) return;
  if (!/^(application\/(problem\+)?json|text\/csv)\b/.test(headers.get('content-type') ?? ''))
    throw unreadable(name);
  if (status !== 401 && status !== 421) return;
  const [code, remedy] = [...REFUSED_CODES].find(([known]) => body.includes(`"${known}"`)) ?? [];
  if (code === undefined) return;
  throw new ProblemException(
    502,
    'SERVICE_REFUSED_DASHBOARD',
    `${name} refuses this dashboard (${code}). ${remedy}`,
  );
}

/** What came is no answer of such a service. */
export function unreadable(name: string): ProblemException {
  return new ProblemException(
    502,
    'SERVICE_ANSWER_UNREADABLE',
    `${name} gave an answer that cannot be read: cut off, or from another program on its port.`,
  );
}

/** What a failed call says about the service. */
export function upstreamProblem(name: string, error: unknown): ProblemException {
  const {
    name: kind,
    message,
    cause,
  } = error as { name?: string; message?: string; cause?: { code?: string } };
  if (kind === 'TimeoutError') {
    return new UnansweredProblem(504, 'SERVICE_TIMEOUT', `${name} did not answer in time.`, false);
  }
  // The parser of HTTP names its errors so; an answer that ended in its middle is "terminated".
  if (cause?.code?.startsWith('HPE_') || message === 'terminated') return unreadable(name);
  const notSent = cause?.code !== undefined && NEVER_SENT.has(cause.code);
  return new UnansweredProblem(503, 'SERVICE_UNAVAILABLE', `${name} cannot be reached.`, notSent);
}

/** Whether a failed call is known not to have reached the service: another instance may be given it. */
export function wasNotSent(error: unknown): boolean {
  return error instanceof UnansweredProblem && error.notSent;
}
