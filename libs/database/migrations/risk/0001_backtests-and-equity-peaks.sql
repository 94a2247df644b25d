CREATE TABLE "risk"."backtests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"position" bigserial NOT NULL,
	"status" text NOT NULL,
	"request" jsonb NOT NULL,
	"progress_percent" double precision DEFAULT 0 NOT NULL,
	"result" jsonb,
	"error_code" text,
	"error_message" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"runner" text,
	"alive_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "risk"."equity_peak_resets" (
	"position" bigserial PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"before" numeric,
	"after" numeric NOT NULL,
	"changed_by" text NOT NULL,
	"reason" text NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "risk"."equity_peaks" (
	"account_id" text PRIMARY KEY NOT NULL,
	"peak" numeric NOT NULL,
	"reached_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "backtests_position" ON "risk"."backtests" USING btree ("position" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "backtests_status" ON "risk"."backtests" USING btree ("status");