CREATE SCHEMA "trading";
--> statement-breakpoint
CREATE TABLE "trading"."accounts" (
	"id" text PRIMARY KEY NOT NULL,
	"broker" text NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"armed" boolean DEFAULT false NOT NULL,
	"feed" text NOT NULL,
	"currency" text NOT NULL,
	"capital" numeric NOT NULL,
	"cash" numeric NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "trading"."bar_checkpoint" (
	"source" text NOT NULL,
	"symbol" text NOT NULL,
	"close_time" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "bar_checkpoint_source_symbol_pk" PRIMARY KEY("source","symbol")
);
--> statement-breakpoint
CREATE TABLE "trading"."broker_tokens" (
	"provider" text NOT NULL,
	"account_id" text NOT NULL,
	"ciphertext" text NOT NULL,
	"key_id" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"ended_as" text,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "broker_tokens_provider_account_id_pk" PRIMARY KEY("provider","account_id")
);
--> statement-breakpoint
CREATE TABLE "trading"."fills" (
	"account_id" text NOT NULL,
	"trade_id" text NOT NULL,
	"position" bigserial NOT NULL,
	"order_id" uuid NOT NULL,
	"symbol" text NOT NULL,
	"strategy" text NOT NULL,
	"side" text NOT NULL,
	"quantity" double precision NOT NULL,
	"price" double precision NOT NULL,
	"fee" numeric NOT NULL,
	"realized" numeric NOT NULL,
	"filled_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "fills_account_id_trade_id_pk" PRIMARY KEY("account_id","trade_id")
);
--> statement-breakpoint
CREATE TABLE "trading"."order_events" (
	"order_id" uuid NOT NULL,
	"sequence" integer NOT NULL,
	"from_status" text,
	"to_status" text NOT NULL,
	"reason" text,
	"change" jsonb,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "order_events_order_id_sequence_pk" PRIMARY KEY("order_id","sequence")
);
--> statement-breakpoint
CREATE TABLE "trading"."orders" (
	"id" uuid PRIMARY KEY NOT NULL,
	"position" bigserial NOT NULL,
	"client_order_id" text NOT NULL,
	"signal_id" uuid NOT NULL,
	"account_id" text NOT NULL,
	"symbol" text NOT NULL,
	"side" text NOT NULL,
	"type" text NOT NULL,
	"quantity" double precision NOT NULL,
	"limit_price" double precision,
	"decision_price" double precision NOT NULL,
	"status" text NOT NULL,
	"filled_quantity" double precision DEFAULT 0 NOT NULL,
	"average_price" double precision,
	"restore_to" text,
	"rejection_code" text,
	"rejection_message" text,
	"strategy" text NOT NULL,
	"bar_time" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "orders_client_order_id_unique" UNIQUE("client_order_id"),
	CONSTRAINT "orders_signal_account" UNIQUE("signal_id","account_id")
);
--> statement-breakpoint
CREATE TABLE "trading"."positions" (
	"account_id" text NOT NULL,
	"strategy" text NOT NULL,
	"symbol" text NOT NULL,
	"quantity" numeric NOT NULL,
	"cost" numeric NOT NULL,
	"realized" numeric NOT NULL,
	"fees" numeric NOT NULL,
	"stop_loss" double precision,
	"target" double precision,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "positions_account_id_strategy_symbol_pk" PRIMARY KEY("account_id","strategy","symbol")
);
--> statement-breakpoint
CREATE TABLE "trading"."signals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"position" bigserial NOT NULL,
	"source" text NOT NULL,
	"symbol" text NOT NULL,
	"action" text NOT NULL,
	"strength" double precision NOT NULL,
	"confidence" double precision NOT NULL,
	"price" double precision NOT NULL,
	"stop_loss" double precision,
	"target" double precision,
	"strategy" text NOT NULL,
	"reason" text NOT NULL,
	"components" jsonb NOT NULL,
	"bar_time" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"handled_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "trading"."strategy_settings" (
	"strategy" text PRIMARY KEY NOT NULL,
	"enabled" boolean NOT NULL,
	"parameters" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "trading"."trading_state" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"mode" text NOT NULL,
	"running" boolean NOT NULL,
	"changed_by" text NOT NULL,
	"reason" text NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "trading_state_single" CHECK ("trading"."trading_state"."id" = 1)
);
--> statement-breakpoint
CREATE TABLE "trading"."trading_state_changes" (
	"position" bigserial PRIMARY KEY NOT NULL,
	"command" text NOT NULL,
	"mode" text NOT NULL,
	"running" boolean NOT NULL,
	"changed_by" text NOT NULL,
	"reason" text NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "trading"."fills" ADD CONSTRAINT "fills_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "trading"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trading"."fills" ADD CONSTRAINT "fills_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "trading"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trading"."order_events" ADD CONSTRAINT "order_events_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "trading"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trading"."orders" ADD CONSTRAINT "orders_signal_id_signals_id_fk" FOREIGN KEY ("signal_id") REFERENCES "trading"."signals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trading"."orders" ADD CONSTRAINT "orders_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "trading"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trading"."positions" ADD CONSTRAINT "positions_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "trading"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "fills_order" ON "trading"."fills" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "fills_account_time" ON "trading"."fills" USING btree ("account_id","filled_at");--> statement-breakpoint
CREATE INDEX "orders_position" ON "trading"."orders" USING btree ("position" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "orders_account_created" ON "trading"."orders" USING btree ("account_id","created_at");--> statement-breakpoint
CREATE INDEX "orders_account_bar" ON "trading"."orders" USING btree ("account_id","strategy","symbol","bar_time");--> statement-breakpoint
CREATE INDEX "orders_open" ON "trading"."orders" USING btree ("account_id") WHERE "trading"."orders"."status" not in ('Denied', 'Rejected', 'Canceled', 'Expired', 'Filled');--> statement-breakpoint
CREATE INDEX "signals_position" ON "trading"."signals" USING btree ("position" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "signals_symbol" ON "trading"."signals" USING btree ("symbol","position" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "signals_strategy" ON "trading"."signals" USING btree ("strategy","position" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "signals_pending" ON "trading"."signals" USING btree ("position") WHERE "trading"."signals"."handled_at" is null;