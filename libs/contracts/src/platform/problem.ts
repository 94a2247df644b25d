import { z } from 'zod';

/** One rejected input field. */
export const fieldProblemSchema = z.object({
  /** Path of the field, `limits.maxOrderNotional`; empty when the whole body is meant. */
  field: z.string(),
  message: z.string(),
});

/** Error answer of every service: RFC 9457 `application/problem+json` with a stable `code`. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  /** Stable, machine-readable reason; the list is in each service's Swagger page. */
  code: z.string(),
  detail: z.string(),
  instance: z.string().optional(),
  fields: z.array(fieldProblemSchema).optional(),
});

export type FieldProblem = z.infer<typeof fieldProblemSchema>;
export type Problem = z.infer<typeof problemSchema>;
