import { z } from 'zod';

/** A line of text a person writes: a name or a reason. Blanks around it are dropped; it may not be empty. */
export const lineOfText = (maxLength: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    .regex(/^\P{Cc}*$/u, 'expected text without control characters');
