CREATE SCHEMA "market";
--> statement-breakpoint
CREATE TABLE "market"."candles" (
	"feed" text NOT NULL,
	"symbol" text NOT NULL,
	"interval_ms" integer NOT NULL,
	"open_time" timestamp (3) with time zone NOT NULL,
	"open" double precision NOT NULL,
	"high" double precision NOT NULL,
	"low" double precision NOT NULL,
	"close" double precision NOT NULL,
	"volume" double precision NOT NULL,
	"trades" integer,
	CONSTRAINT "candles_feed_symbol_interval_ms_open_time_pk" PRIMARY KEY("feed","symbol","interval_ms","open_time")
);
--> statement-breakpoint
CREATE TABLE "market"."feed_leases" (
	"feed" text PRIMARY KEY NOT NULL,
	"holder" text NOT NULL,
	"fence" bigint NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "candles_age" ON "market"."candles" USING btree ("interval_ms","open_time");