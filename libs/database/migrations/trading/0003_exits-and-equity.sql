CREATE TABLE "trading"."equity_samples" (
	"account_id" text NOT NULL,
	"strategy" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"equity" numeric NOT NULL,
	"peak" numeric NOT NULL,
	"realized" numeric NOT NULL,
	"unrealized" numeric NOT NULL,
	"fees" numeric NOT NULL,
	"gross_exposure" numeric NOT NULL,
	"net_exposure" numeric NOT NULL,
	CONSTRAINT "equity_samples_account_id_strategy_at_pk" PRIMARY KEY("account_id","strategy","at")
);
--> statement-breakpoint
CREATE TABLE "trading"."exit_trails" (
	"account_id" text NOT NULL,
	"strategy" text NOT NULL,
	"symbol" text NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"best" double precision NOT NULL,
	"range" double precision,
	CONSTRAINT "exit_trails_account_id_strategy_symbol_pk" PRIMARY KEY("account_id","strategy","symbol")
);
--> statement-breakpoint
CREATE TABLE "trading"."portfolio_days" (
	"account_id" text NOT NULL,
	"day" text NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"opening_equity" numeric,
	"closing_equity" numeric,
	"high_equity" numeric,
	"low_equity" numeric,
	"max_drawdown" numeric,
	"realized" numeric NOT NULL,
	"fees" numeric NOT NULL,
	"fills" integer NOT NULL,
	CONSTRAINT "portfolio_days_account_id_day_pk" PRIMARY KEY("account_id","day")
);
--> statement-breakpoint
ALTER TABLE "trading"."strategy_settings" ADD COLUMN "exits" jsonb;--> statement-breakpoint
ALTER TABLE "trading"."strategy_settings" ADD COLUMN "suspended_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "trading"."strategy_settings" ADD COLUMN "suspended_reason" text;--> statement-breakpoint
ALTER TABLE "trading"."equity_samples" ADD CONSTRAINT "equity_samples_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "trading"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trading"."exit_trails" ADD CONSTRAINT "exit_trails_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "trading"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trading"."portfolio_days" ADD CONSTRAINT "portfolio_days_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "trading"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "equity_samples_time" ON "trading"."equity_samples" USING btree ("at");