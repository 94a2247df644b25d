/** A request's body as fields to add to; anything else that is JSON has none. */
export function asObject(body: unknown): object {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? body : {};
}
