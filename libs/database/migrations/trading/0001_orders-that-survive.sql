CREATE TABLE "trading"."account_changes" (
	"position" bigserial PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"before" jsonb,
	"after" jsonb NOT NULL,
	"changed_by" text NOT NULL,
	"reason" text NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "trading"."account_leases" (
	"account_id" text PRIMARY KEY NOT NULL,
	"holder" text NOT NULL,
	"fence" bigint NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "trading"."outbox" (
	"position" bigserial PRIMARY KEY NOT NULL,
	"subject" text NOT NULL,
	"payload" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "trading"."signal_outcomes" (
	"signal_id" uuid NOT NULL,
	"account_id" text NOT NULL,
	"outcome" text NOT NULL,
	"decided_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "signal_outcomes_signal_id_account_id_pk" PRIMARY KEY("signal_id","account_id")
);
--> statement-breakpoint
CREATE TABLE "trading"."paper_orders" (
	"account_id" text NOT NULL,
	"client_order_id" text NOT NULL,
	"symbol" text NOT NULL,
	"side" text NOT NULL,
	"type" text NOT NULL,
	"quantity" double precision NOT NULL,
	"filled_quantity" double precision DEFAULT 0 NOT NULL,
	"limit_price" double precision,
	"trigger_price" double precision,
	"time_in_force" text NOT NULL,
	"triggered" boolean DEFAULT false NOT NULL,
	"status" text NOT NULL,
	"message" text,
	"expires_at" timestamp (3) with time zone,
	"placed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "paper_orders_account_id_client_order_id_pk" PRIMARY KEY("account_id","client_order_id")
);
--> statement-breakpoint
CREATE TABLE "trading"."paper_trades" (
	"trade_id" text PRIMARY KEY NOT NULL,
	"position" bigserial NOT NULL,
	"account_id" text NOT NULL,
	"client_order_id" text NOT NULL,
	"quantity" double precision NOT NULL,
	"price" double precision NOT NULL,
	"fee" numeric NOT NULL,
	"traded_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
DROP INDEX "trading"."signals_pending";--> statement-breakpoint
ALTER TABLE "trading"."accounts" ADD COLUMN "strategies" text[];--> statement-breakpoint
ALTER TABLE "trading"."orders" ADD COLUMN "trigger_price" double precision;--> statement-breakpoint
ALTER TABLE "trading"."orders" ADD COLUMN "time_in_force" text DEFAULT 'DAY' NOT NULL;--> statement-breakpoint
ALTER TABLE "trading"."orders" ADD COLUMN "broker_order_id" text;--> statement-breakpoint
ALTER TABLE "trading"."orders" ADD COLUMN "held_reason" text;--> statement-breakpoint
ALTER TABLE "trading"."account_changes" ADD CONSTRAINT "account_changes_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "trading"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trading"."account_leases" ADD CONSTRAINT "account_leases_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "trading"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trading"."signal_outcomes" ADD CONSTRAINT "signal_outcomes_signal_id_signals_id_fk" FOREIGN KEY ("signal_id") REFERENCES "trading"."signals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trading"."signal_outcomes" ADD CONSTRAINT "signal_outcomes_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "trading"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trading"."paper_orders" ADD CONSTRAINT "paper_orders_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "trading"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "paper_orders_working" ON "trading"."paper_orders" USING btree ("account_id") WHERE "trading"."paper_orders"."status" = 'working';--> statement-breakpoint
CREATE INDEX "paper_trades_order" ON "trading"."paper_trades" USING btree ("account_id","client_order_id");--> statement-breakpoint
CREATE INDEX "signals_expiry" ON "trading"."signals" USING btree ("source","expires_at");--> statement-breakpoint
ALTER TABLE "trading"."signals" DROP COLUMN "handled_at";