ALTER TABLE "trading"."cash_entries" ADD COLUMN "request_id" uuid;--> statement-breakpoint
ALTER TABLE "trading"."equity_samples" ADD COLUMN "paid_in" numeric DEFAULT '0' NOT NULL;--> statement-breakpoint
ALTER TABLE "trading"."portfolio_days" ADD COLUMN "paid_in" numeric DEFAULT '0' NOT NULL;--> statement-breakpoint
ALTER TABLE "trading"."cash_entries" ADD CONSTRAINT "cash_entries_request_id_unique" UNIQUE("request_id");