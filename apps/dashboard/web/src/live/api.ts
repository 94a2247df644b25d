import type { FieldProblem, Problem } from '@tickbridge/contracts';

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

/** Reads JSON from the dashboard; without a session the browser goes to the sign-in page. */
export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return request<T>(path, signal ? { signal } : {});
}

/** Sends a command. */
export async function send<T>(
  method: 'POST' | 'PATCH' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<T> {
  return request<T>(path, {
    method,
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
}

async function request<T>(path: string, init: RequestInit): Promise<T> {
  const response = await fetch(`/api/v1${path}`, init).catch((error: unknown) => {
    // The browser's own words ("Failed to fetch") tell a reader nothing.
    if (error instanceof TypeError) throw new ApiError(0, 'UNREACHABLE', 'The dashboard cannot be reached.');
    throw error;
  });
  if (response.status === 401) location.assign('/sign-in');
  if (!response.ok) throw await errorOf(response);
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
