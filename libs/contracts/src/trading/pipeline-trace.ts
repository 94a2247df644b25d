import { z } from 'zod';
import { isoTime } from '../platform/time';

export const PIPELINE_STAGES = [
  'feed',
  'publish',
  'replica',
  'bars',
  'strategy',
  'signal',
  'risk',
  'order',
  'fill',
] as const;

/** `GET /api/v1/pipeline/trace`: where data stops between feed and fill, and why. */
export const pipelineStageSchema = z.object({
  stage: z.enum(PIPELINE_STAGES),
  /** What went in, and what was passed on, since the service started. */
  received: z.number().int().nonnegative(),
  passed: z.number().int().nonnegative(),
  lastAt: isoTime.nullable(),
  /** Why the stage passes nothing on, or why some things stopped here; `null` when all is well. */
  reason: z.string().nullable(),
  /** What stopped here, by reason. */
  stopped: z.record(z.string(), z.number().int().nonnegative()),
});

export const pipelineTraceSchema = z.object({
  stages: z.array(pipelineStageSchema),
  /** First stage that receives but passes nothing on; `null` when data reaches the end. */
  blockedAt: z.enum(PIPELINE_STAGES).nullable(),
  diagnosis: z.string(),
});

export type PipelineStage = z.infer<typeof pipelineStageSchema>;
export type PipelineStageName = (typeof PIPELINE_STAGES)[number];
export type PipelineTrace = z.infer<typeof pipelineTraceSchema>;
