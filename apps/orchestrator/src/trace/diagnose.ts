import type { PipelineStage, PipelineStageName } from '@tickbridge/contracts';

const WORDS: Record<PipelineStageName, string> = {
  feed: 'the vendor feed delivers no accepted tick',
  publish: 'market-data publishes nothing',
  replica: 'no frame of market-data arrives in this process',
  bars: 'no bar was acted on',
  strategy: 'no strategy has given a signal',
  signal: 'no signal has become an order',
  risk: 'the risk check approves no order',
  order: 'the broker takes no order',
  fill: 'no order has been filled',
};

/** What stops everything at the moment, and at which stage. */
export interface Standstill {
  readonly stage: PipelineStageName;
  readonly reason: string;
}

/**
 * First stage that passes nothing on, and a sentence about it.
 *
 * A stage that nothing has reached yet is not blocked: the one before it is.
 *
 * @param standstill what stops everything at the moment although data got further before, with the stage
 */
export function diagnose(
  stages: readonly PipelineStage[],
  standstill: Standstill | null = null,
): {
  blockedAt: PipelineStageName | null;
  diagnosis: string;
} {
  if (standstill) {
    return {
      blockedAt: standstill.stage,
      diagnosis: sentence(`${standstill.stage} stands still: ${standstill.reason}`),
    };
  }
  const blocked = stages.find((stage, index) => stage.passed === 0 && (stage.received > 0 || index < 3));
  if (blocked) {
    const reason = blocked.reason === null ? '' : `: ${blocked.reason}`;
    const waiting =
      blocked.stage === 'strategy' && blocked.reason === null ? ' yet; bars are being watched' : '';
    return { blockedAt: blocked.stage, diagnosis: sentence(`${WORDS[blocked.stage]}${waiting}${reason}`) };
  }
  const fill = stages.find(({ stage }) => stage === 'fill');
  if (fill && fill.passed > 0) {
    return { blockedAt: null, diagnosis: `Data reaches the end: ${fill.passed} fills since the start.` };
  }
  const waiting = stages.find(({ received }) => received === 0);
  return {
    blockedAt: null,
    diagnosis: waiting ? sentence(`nothing has reached the stage ${waiting.stage} yet`) : 'Data flows.',
  };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
