import { clockRemark, type FeedStatus, type FeedsStatus, type PipelineStage } from '@tickbridge/contracts';
import type { FeedAnswer } from './feed-status.client';

/** The stage of the vendors' feeds, all of them added up, with what stands in the way of each. */
export function feedStage(answer: FeedAnswer): PipelineStage {
  if ('unreachable' in answer) {
    return { stage: 'feed', received: 0, passed: 0, lastAt: null, reason: answer.unreachable, stopped: {} };
  }
  const { feeds } = answer.status;
  const passed = feeds.reduce((sum, { ticksAccepted }) => sum + ticksAccepted, 0);
  const stopped: Record<string, number> = {};
  for (const { rejected } of feeds) {
    for (const [reason, count] of Object.entries(rejected)) stopped[reason] = (stopped[reason] ?? 0) + count;
  }
  const rejections = Object.values(stopped).reduce((sum, count) => sum + count, 0);
  const silent = feeds.filter(isSilent);
  return {
    stage: 'feed',
    received: passed + rejections,
    passed,
    // ISO 8601 in UTC: the order of texts is the order of times.
    lastAt: feeds.reduce<string | null>((latest, { lastTickAt }) => later(latest, lastTickAt), null),
    reason: silent.length === 0 ? null : whySilent(answer.status, silent),
    stopped,
  };
}

/** Why no feed delivers anything now; `null` while one does. */
export function feedStandstill({ feeds, ...first }: FeedsStatus): string | null {
  const silent = feeds.filter(isSilent);
  return silent.length < feeds.length ? null : whySilent({ feeds, ...first }, silent);
}

/** A feed that has nothing more to say is not silent. */
function isSilent({ dataFlowing, state }: FeedStatus): boolean {
  return !dataFlowing && state !== 'finished';
}

function whySilent({ feeds }: FeedsStatus, silent: readonly FeedStatus[]): string {
  return silent
    .map((feed) => (feeds.length > 1 ? `${feed.feed}: ${reasonOf(feed)}` : reasonOf(feed)))
    .join('; ');
}

function reasonOf({
  connected,
  state,
  lastError,
  marketStatus,
  simulated,
  clockOffsetMs,
}: FeedStatus): string {
  const clock = simulated ? null : clockRemark(clockOffsetMs ?? null, "the vendor's");
  if (connected && clock !== null) return clock;
  if (connected && marketStatus?.state === 'closed') {
    const by =
      marketStatus.decidedBy === 'vendor' ? "the vendor's word" : `the calendar ${marketStatus.calendar}`;
    return `the market is closed by ${by}`;
  }
  return `the feed is ${state}${lastError === null ? '' : `: ${lastError}`}`;
}

function later(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
