import { z } from 'zod';

/** What a journal lists: fills, closed quantities by tax category, or changes of cash that are no fill. */
export const journalPartSchema = z.enum(['trades', 'lots', 'cash']);
export type JournalPart = z.infer<typeof journalPartSchema>;

/** `derivative`: business income that is not speculative. */
export const taxCategorySchema = z.enum(['speculative', 'short-term', 'long-term', 'derivative', 'crypto']);
export type TaxCategory = z.infer<typeof taxCategorySchema>;
