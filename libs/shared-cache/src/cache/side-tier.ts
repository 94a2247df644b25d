/**
 * L2: copies of what shared memory held, kept by a server that knows no order and promises nothing: it may lose them,
 * be away, or answer with anything. No call rejects, and none takes long.
 */
export interface SideTier {
  readonly configured: boolean;
  readonly available: boolean;
  /** @returns `undefined` for nothing there, nothing in time, nobody there */
  get(key: string): Promise<Uint8Array | undefined>;
  set(key: string, bytes: Uint8Array, ttlMs: number): Promise<unknown>;
  delete(key: string): Promise<unknown>;
}
