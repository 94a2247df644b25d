import { z } from 'zod';

/** A whole number in a query, where everything is text. */
export const wholeNumber = (least: number, most = Number.MAX_SAFE_INTEGER) =>
  z.coerce.number<number | string>().int().min(least).max(most);

export const symbolField = z.string().min(1).max(50);
export const accountField = z.string().min(1).max(64);
export const strategyField = z.string().min(1).max(100);

/** Parameters of paths that name one thing. */
export const uuidParams = z.strictObject({ id: z.uuid() });
export const symbolParams = z.strictObject({ symbol: symbolField });
