ALTER TABLE "trading"."strategy_settings" ADD COLUMN "timeframe" text;--> statement-breakpoint
ALTER TABLE "trading"."strategy_settings" ADD COLUMN "least_edge" double precision;--> statement-breakpoint
-- What people had set was set for the only bars there were; the way to the mean is measured in costs now.
UPDATE "trading"."strategy_settings" SET "timeframe" = '5s', "parameters" = "parameters" - 'minimumEdgeBps';
