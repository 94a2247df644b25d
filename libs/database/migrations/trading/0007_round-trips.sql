CREATE TABLE "trading"."round_trips" (
	"account_id" text NOT NULL,
	"strategy" text NOT NULL,
	"symbol" text NOT NULL,
	"first_fill" bigint NOT NULL,
	"last_fill" bigint NOT NULL,
	"direction" text NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"entered" numeric NOT NULL,
	"entry_value" numeric NOT NULL,
	"exited" numeric NOT NULL,
	"exit_value" numeric NOT NULL,
	"charges" numeric NOT NULL,
	"fills" integer NOT NULL,
	"high" double precision,
	"low" double precision,
	"measured_at" timestamp (3) with time zone,
	CONSTRAINT "round_trips_account_id_strategy_symbol_first_fill_pk" PRIMARY KEY("account_id","strategy","symbol","first_fill")
);
--> statement-breakpoint
ALTER TABLE "trading"."round_trips" ADD CONSTRAINT "round_trips_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "trading"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "round_trips_closed" ON "trading"."round_trips" USING btree ("account_id","closed_at");--> statement-breakpoint
CREATE INDEX "round_trips_unmeasured" ON "trading"."round_trips" USING btree ("closed_at") WHERE "trading"."round_trips"."measured_at" is null;--> statement-breakpoint
CREATE INDEX "fills_place" ON "trading"."fills" USING btree ("account_id","strategy","symbol","position");