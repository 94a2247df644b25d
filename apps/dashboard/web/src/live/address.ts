import type { EndpointName, EndpointRequest, HttpMethod } from '@tickbridge/contracts';

interface Parts {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
}

/** Method and address of a request, its parameters filled in; what is `undefined` is not asked for. */
export function addressOf<Name extends EndpointName>(
  name: Name,
  request: Omit<EndpointRequest<Name>, 'body'>,
): { method: HttpMethod; path: string } {
  const { params = {}, query = {} } = request as Parts;
  const [method, template] = name.split(' ') as [HttpMethod, string];
  const path = template.replace(/:(\w+)/g, (_, part: string) => encodeURIComponent(String(params[part])));
  const search = new URLSearchParams();
  for (const [field, value] of Object.entries(query))
    if (value !== undefined) search.set(field, String(value));
  return { method, path: search.size === 0 ? path : `${path}?${search.toString()}` };
}
