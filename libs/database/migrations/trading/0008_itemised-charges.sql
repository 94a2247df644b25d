ALTER TABLE "trading"."paper_trades" ALTER COLUMN "fee" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "trading"."accounts" ADD COLUMN "charge_plan" text;--> statement-breakpoint
ALTER TABLE "trading"."fills" ADD COLUMN "charges" jsonb;