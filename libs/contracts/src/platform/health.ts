import { z } from 'zod';

/** State of one dependency as a service sees it. `degraded` still counts as ready. */
export const dependencyHealthSchema = z.object({
  status: z.enum(['up', 'degraded', 'down']),
  detail: z.string().optional(),
  /** This machine's clock less the dependency's (ms), where it has one and it was measured. */
  clockOffsetMs: z.number().optional(),
});

/** `GET /health/ready`. */
export const readinessSchema = z.object({
  status: z.enum(['up', 'degraded', 'down']),
  service: z.string(),
  dependencies: z.record(z.string(), dependencyHealthSchema),
});

/** `GET /health/live`. */
export const livenessSchema = z.object({
  status: z.literal('up'),
  service: z.string(),
  uptimeMs: z.number().int().nonnegative(),
});

export type Liveness = z.infer<typeof livenessSchema>;
export type DependencyHealth = z.infer<typeof dependencyHealthSchema>;
export type Readiness = z.infer<typeof readinessSchema>;
