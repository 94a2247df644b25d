CREATE TABLE "trading"."cash_entries" (
	"position" bigserial PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"kind" text NOT NULL,
	"amount" numeric NOT NULL,
	"day" text NOT NULL,
	"order_id" uuid,
	"symbol" text,
	"side" text,
	"booked" jsonb NOT NULL,
	"stated" jsonb NOT NULL,
	"recorded_by" text NOT NULL,
	"reason" text NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "trading"."cash_entries" ADD CONSTRAINT "cash_entries_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "trading"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trading"."cash_entries" ADD CONSTRAINT "cash_entries_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "trading"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "cash_entries_account_time" ON "trading"."cash_entries" USING btree ("account_id","recorded_at");