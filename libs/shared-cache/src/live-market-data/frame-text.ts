import { barSchema, parseJson, tickFromJson, tickJsonSchema, tickToJson } from '@tickbridge/contracts';
import { z } from 'zod';
import type { Frame, Snapshot } from './frame';

/**
 * Frames and snapshots as text: what the HTTP stream sends as server-sent events and the snapshot file holds.
 * Readable by any client; ticks have the outside form with ISO times.
 */
const head = {
  epoch: z.string(),
  sequence: z.number().int(),
  flushedAt: z.number(),
  clockOffsetMs: z.number().nullable().default(null),
  ticks: z.array(tickJsonSchema),
};
const frameTextSchema = z.object({ ...head, bars: z.array(barSchema) });
const snapshotTextSchema = z.object({ ...head, barSequence: z.number().int() });

export function frameToText(frame: Frame): string {
  return JSON.stringify({ ...frame, ticks: frame.ticks.map(tickToJson) });
}

export function snapshotToText(snapshot: Snapshot): string {
  return JSON.stringify({ ...snapshot, ticks: snapshot.ticks.map(tickToJson) });
}

/** @returns `undefined` for anything that is no frame */
export function frameFromText(text: string): Frame | undefined {
  const parsed = frameTextSchema.safeParse(parseJson(text));
  return parsed.success ? { ...parsed.data, ticks: parsed.data.ticks.map(tickFromJson) } : undefined;
}

/** @returns `undefined` for anything that is no snapshot */
export function snapshotFromText(text: string): Snapshot | undefined {
  const parsed = snapshotTextSchema.safeParse(parseJson(text));
  return parsed.success ? { ...parsed.data, ticks: parsed.data.ticks.map(tickFromJson) } : undefined;
}
