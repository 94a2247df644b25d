import { Subject } from 'rxjs';
import type { TierName } from './cache.counters';

/** Something the cache did. Values are never told. */
export type CacheEvent =
  | { readonly kind: 'hit'; readonly namespace: string; readonly key: string; readonly tier: TierName }
  /** No tier had it. */
  | { readonly kind: 'miss'; readonly namespace: string; readonly key: string }
  /** A value past its life was served within its grace. */
  | { readonly kind: 'stale'; readonly namespace: string; readonly key: string }
  | { readonly kind: 'loaded'; readonly namespace: string; readonly key: string; readonly durationMs: number }
  | { readonly kind: 'load-failed'; readonly namespace: string; readonly key: string; readonly error: Error }
  | { readonly kind: 'written' | 'deleted'; readonly namespace: string; readonly key: string }
  /** Everything of the namespace, or of the tag. */
  | { readonly kind: 'cleared'; readonly namespace: string; readonly tag?: string | undefined }
  /** A sample of memory was not what Redis holds, and no word of it had come. */
  | { readonly kind: 'violation'; readonly namespace: string; readonly key: string };

/** What the cache does, for whoever wants to know; costs nothing while nobody does. */
export class CacheEvents {
  private readonly subject = new Subject<CacheEvent>();
  readonly events$ = this.subject.asObservable();

  get wanted(): boolean {
    return this.subject.observed;
  }

  emit(event: CacheEvent): void {
    this.subject.next(event);
  }
}
