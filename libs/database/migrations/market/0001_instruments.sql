CREATE TABLE "market"."instrument_changes" (
	"position" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "market"."instrument_changes_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"feed" text NOT NULL,
	"symbol" text NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	"source" text NOT NULL,
	"before" jsonb NOT NULL,
	"after" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "market"."instrument_lists" (
	"feed" text NOT NULL,
	"source" text NOT NULL,
	"instruments" integer NOT NULL,
	"unreadable_rows" integer NOT NULL,
	"read_at" timestamp (3) with time zone,
	"last_error" text,
	CONSTRAINT "instrument_lists_feed_source_pk" PRIMARY KEY("feed","source")
);
--> statement-breakpoint
CREATE TABLE "market"."instruments" (
	"feed" text NOT NULL,
	"symbol" text NOT NULL,
	"names" text[] NOT NULL,
	"search_text" text NOT NULL,
	"status" text NOT NULL,
	"source" text NOT NULL,
	"as_of" timestamp (3) with time zone NOT NULL,
	"details" jsonb NOT NULL,
	CONSTRAINT "instruments_feed_symbol_pk" PRIMARY KEY("feed","symbol")
);
--> statement-breakpoint
CREATE INDEX "instrument_changes_of" ON "market"."instrument_changes" USING btree ("feed","symbol","position");--> statement-breakpoint
CREATE INDEX "instruments_names" ON "market"."instruments" USING gin ("names");