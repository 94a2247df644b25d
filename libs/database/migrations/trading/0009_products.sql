ALTER TABLE "trading"."accounts" ADD COLUMN "netting" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "trading"."orders" ADD COLUMN "product" text;--> statement-breakpoint
UPDATE "trading"."orders" o SET "product" = CASE WHEN a."currency" = 'USDT' THEN 'spot' ELSE 'intraday' END
  FROM "trading"."accounts" a WHERE a."id" = o."account_id";--> statement-breakpoint
ALTER TABLE "trading"."orders" ALTER COLUMN "product" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "trading"."positions" ADD COLUMN "product" text;--> statement-breakpoint
UPDATE "trading"."positions" p
  SET "product" = CASE WHEN a."currency" <> 'USDT' THEN 'intraday' WHEN p."quantity" < 0 THEN 'margin' ELSE 'spot' END
  FROM "trading"."accounts" a WHERE a."id" = p."account_id" AND p."quantity" <> 0;--> statement-breakpoint
ALTER TABLE "trading"."strategy_settings" ADD COLUMN "product" text;
