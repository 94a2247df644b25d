import { z } from 'zod';

export const assetClassSchema = z.enum(['stock', 'index', 'future', 'option', 'crypto', 'macro']);
export type AssetClass = z.infer<typeof assetClassSchema>;
