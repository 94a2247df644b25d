ALTER TABLE "trading"."orders" ADD COLUMN "reduce_only" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "trading"."orders" ADD COLUMN "protective" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "trading"."orders" ADD COLUMN "group_id" uuid;--> statement-breakpoint
ALTER TABLE "trading"."positions" ADD COLUMN "group_id" uuid;--> statement-breakpoint
ALTER TABLE "trading"."paper_orders" ADD COLUMN "reduce_only" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "orders_protective" ON "trading"."orders" USING btree ("group_id") WHERE "trading"."orders"."protective";