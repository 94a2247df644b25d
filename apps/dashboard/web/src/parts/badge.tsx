import type { ReactNode } from 'react';

export type Tone = 'good' | 'bad' | 'warn' | 'info' | 'plain';

/** A short word with a tone; the word alone says it too. */
export function Badge({
  tone = 'plain',
  title,
  children,
}: {
  tone?: Tone;
  title?: string;
  children: ReactNode;
}) {
  return (
    <span className={`badge badge--${tone}`} title={title}>
      {children}
    </span>
  );
}

const GLYPHS: Record<Tone, string> = { good: '●', bad: '✕', warn: '▲', info: '●', plain: '○' };

/** State lamp: colour and shape. */
export function Lamp({ tone }: { tone: Tone }) {
  return (
    <span className={`lamp lamp--${tone}`} aria-hidden="true">
      {GLYPHS[tone]}
    </span>
  );
}
