import type { ExitSettings } from '@tickbridge/contracts';

/** A level as it stands in the form. */
export interface LevelText {
  kind: 'signal' | 'none' | 'percent' | 'atr';
  /** Percent or multiple, as typed. */
  figure: string;
}

/** Exit settings as they stand in the form. */
export interface ExitsText {
  stopLoss: LevelText;
  target: LevelText;
  trailingStop: LevelText;
  squareOffAt: string;
  cooldownMinutes: string;
  maxReentriesPerDay: string;
}

export function textOf(exits: ExitSettings): ExitsText {
  return {
    stopLoss: levelText(exits.stopLoss),
    target: levelText(exits.target),
    trailingStop: levelText(exits.trailingStop),
    squareOffAt: exits.squareOffAt ?? '',
    cooldownMinutes: String(exits.cooldownMinutes),
    maxReentriesPerDay: exits.maxReentriesPerDay === null ? '' : String(exits.maxReentriesPerDay),
  };
}

/** What the form asks for; whether it makes sense is the orchestrator's to say. */
export function exitsOf(text: ExitsText): Record<keyof ExitSettings, unknown> {
  return {
    stopLoss: level(text.stopLoss),
    target: level(text.target),
    trailingStop: level(text.trailingStop),
    squareOffAt: text.squareOffAt.trim() === '' ? null : text.squareOffAt.trim(),
    cooldownMinutes: numberOrNull(text.cooldownMinutes),
    maxReentriesPerDay: numberOrNull(text.maxReentriesPerDay),
  };
}

function levelText(rule: ExitSettings['target'] | ExitSettings['trailingStop']): LevelText {
  const figure = rule.kind === 'percent' ? rule.percent : rule.kind === 'atr' ? rule.multiple : '';
  return { kind: rule.kind, figure: String(figure) };
}

function level({ kind, figure }: LevelText): unknown {
  if (kind === 'percent') return { kind, percent: numberOrNull(figure) };
  return kind === 'atr' ? { kind, multiple: numberOrNull(figure) } : { kind };
}

/** What is not a number is sent as none, and refused by name. */
function numberOrNull(text: string): number | null {
  return text.trim() === '' ? null : Number(text);
}
