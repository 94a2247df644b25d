import { z } from 'zod';

/** Which source served a live read: the fallback chain of the reader, or `none` before the first data. */
export const liveSourceSchema = z.enum(['redis', 'in-process', 'file', 'http', 'none']);
export type LiveSource = z.infer<typeof liveSourceSchema>;
