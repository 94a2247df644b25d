import { createHash } from 'node:crypto';
import { StreamableFile } from '@nestjs/common';
import { z } from 'zod';

/** Longer answers are handed on and not kept (characters). */
const MAX_BODY_LENGTH = 1_048_576;

/** An answer as it is kept: the very text that is sent, so that its tag is that of its bytes. */
export const storedResponseSchema = z.object({
  generation: z.string(),
  /** When the handler was asked (ms since 1970): from then on the answer ages. */
  askedAt: z.number(),
  etag: z.string(),
  /** What the handler said in headers, its content type included. */
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())])),
  body: z.string(),
});

export type StoredResponse = z.infer<typeof storedResponseSchema>;
export type Headers = Readonly<Record<string, string | number | string[] | undefined>>;

/** A handler's result with what it did to the reply. */
export interface Made {
  readonly value: unknown;
  readonly statusCode: number;
  /** The handler answered by itself. */
  readonly sent: boolean;
  readonly headersBefore: Headers;
  readonly headers: Headers;
}

/**
 * An answer in the form in which it can be given to others, too.
 *
 * @returns `undefined` when it may not: any status but 200, a cookie, `no-store`, nothing, a stream, or too long
 * @throws when the value is no JSON
 */
export function toStored(made: Made, askedAt: number, generation: string): StoredResponse | undefined {
  const { value, statusCode, sent, headers, headersBefore } = made;
  if (sent || statusCode !== 200 || headers['set-cookie'] !== undefined || !mayBeStored(headers))
    return undefined;
  const said = changed(headersBefore, headers);
  const body = typeof value === 'string' ? value : toJson(value, headers);
  if (body === undefined || body.length > MAX_BODY_LENGTH) return undefined;
  const type = headers['content-type'] ?? (typeof value === 'string' ? TEXT : JSON_TYPE);
  return { generation, askedAt, etag: tagOf(body), headers: { ...said, 'content-type': type }, body };
}

/** Whether the caller holds that answer already (RFC 9110, 13.1.2: weak comparison). */
export function matches(ifNoneMatch: string | string[] | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const tags = String(ifNoneMatch)
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}

export function mayBeStored(headers: Headers): boolean {
  return !/\bno-store\b/i.test(String(headers['cache-control'] ?? ''));
}

const TEXT = 'text/plain; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';

function toJson(value: unknown, headers: Headers): string | undefined {
  if (value === null || value === undefined || isStream(value)) return undefined;
  // An object under another type is for a serializer of the service's own.
  if (!/json/i.test(String(headers['content-type'] ?? JSON_TYPE))) return undefined;
  return JSON.stringify(value);
}

/** Bytes, and everything that is read only once or not at once. */
function isStream(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return (
    value instanceof StreamableFile ||
    value instanceof Response ||
    value instanceof Blob ||
    value instanceof ArrayBuffer ||
    ArrayBuffer.isView(value) ||
    Symbol.asyncIterator in value ||
    ('pipe' in value && typeof value.pipe === 'function') ||
    ('next' in value && typeof value.next === 'function')
  );
}

function changed(before: Headers, after: Headers): Record<string, string | number | string[]> {
  const said: Record<string, string | number | string[]> = {};
  for (const [name, value] of Object.entries(after)) {
    if (value !== undefined && String(before[name]) !== String(value)) said[name] = value;
  }
  return said;
}

function tagOf(body: string): string {
  return `"${createHash('sha256').update(body).digest('base64url')}"`;
}
