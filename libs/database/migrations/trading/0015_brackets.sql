ALTER TABLE "trading"."orders" ADD COLUMN "stop_loss" double precision;--> statement-breakpoint
ALTER TABLE "trading"."orders" ADD COLUMN "target" double precision;--> statement-breakpoint
ALTER TABLE "trading"."signals" ADD COLUMN "account_id" text;--> statement-breakpoint
CREATE INDEX "orders_group" ON "trading"."orders" USING btree ("group_id");--> statement-breakpoint
UPDATE "trading"."orders" SET "stop_loss" = s."stop_loss", "target" = s."target" FROM "trading"."signals" s
WHERE s."id" = "orders"."signal_id" AND NOT "orders"."reduce_only";
