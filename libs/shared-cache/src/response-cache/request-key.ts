import { createHash } from 'node:crypto';
import { keys } from '../contract/shared-cache.keys';

/** The part of a request that decides which answer it gets. */
export interface CacheableRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * Key of a request's answer: service, path, query in sorted order, and the caller's credentials unless all callers get the
 * same. HEAD is answered from what GET would say.
 *
 * Query and credentials are in it as digests: keys show up in logs and lists, and both may be secret.
 */
export function requestKey(
  service: string,
  { url, headers }: CacheableRequest,
  forEverybody: boolean,
): string {
  const at = url.indexOf('?');
  const path = at < 0 ? url : url.slice(0, at);
  const query = new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
  // Values of one name keep their order: they are a list to the handler.
  query.sort();
  const caller = forEverybody ? 'everybody' : identity(headers);
  return keys.cacheEntry(
    'http',
    `${service} GET ${path}${query.size > 0 ? `?${digest(query.toString())}` : ''} ${caller}`,
  );
}

function identity(headers: CacheableRequest['headers']): string {
  const { authorization, cookie } = headers;
  if (authorization === undefined && cookie === undefined) return 'anonymous';
  return digest(JSON.stringify([authorization ?? null, cookie ?? null]));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
