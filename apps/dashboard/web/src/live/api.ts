import type {
  EndpointAnswer,
  EndpointName,
  EndpointRequest,
  FieldProblem,
  Problem,
} from '@tickbridge/contracts';
import { addressOf } from './address';
import { confirmIdentity } from './confirmation';

/** The answer was a problem document, or there was none; `status` is 0 when nothing answered. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    /** Rejected fields, when the problem names them. */
    readonly fields: readonly FieldProblem[] = [],
  ) {
    super(detail);
  }
}

/** An endpoint that only tells. */
export type Reading = Extract<EndpointName, `GET ${string}`>;
type Command = Exclude<EndpointName, Reading>;

/** Asks the dashboard for something; without a session the browser goes to the sign-in page. */
export async function read<Name extends Reading>(
  name: Name,
  asked: EndpointRequest<Name>,
  signal?: AbortSignal,
): Promise<EndpointAnswer<Name>> {
  return request<EndpointAnswer<Name>>(addressOf(name, asked).path, signal ? { signal } : {});
}

/** Sends a command. Where it needs a fresh proof of identity the person is asked for it, and it is sent again. */
export async function send<Name extends Command>(
  name: Name,
  command: EndpointRequest<Name>,
): Promise<EndpointAnswer<Name>> {
  const { method, path } = addressOf(name, command);
  const { body } = command as { body?: unknown };
  const init = {
    method,
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  };
  try {
    return await request<EndpointAnswer<Name>>(path, init);
  } catch (error) {
    const asked = error instanceof ApiError && error.code === 'CONFIRMATION_REQUIRED';
    if (!asked || !(await confirmIdentity())) throw error;
    return request<EndpointAnswer<Name>>(path, init);
  }
}

async function request<T>(path: string, init: RequestInit): Promise<T> {
  const response = await fetch(path, init).catch((error: unknown) => {
    // The browser's own words ("Failed to fetch") tell a reader nothing.
    if (error instanceof TypeError) throw new ApiError(0, 'UNREACHABLE', 'The dashboard cannot be reached.');
    throw error;
  });
  if (!response.ok) {
    const error = await errorOf(response);
    // Other refusals with this status are about a password that was typed.
    if (error.code === 'SIGN_IN_REQUIRED') location.assign('/sign-in');
    throw error;
  }
  return (response.status === 204 ? undefined : await response.json()) as T;
}

async function errorOf(response: Response): Promise<ApiError> {
  try {
    const problem = (await response.json()) as Problem;
    return new ApiError(response.status, problem.code, problem.detail, problem.fields);
  } catch {
    // Not a problem document: a proxy's page, or an answer cut short.
    return new ApiError(
      response.status,
      'UNREADABLE_ANSWER',
      `The dashboard answered with status ${response.status}.`,
    );
  }
}
