CREATE TABLE "trading"."ladder_settings" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"settings" jsonb NOT NULL,
	"changed_by" text NOT NULL,
	"reason" text NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "ladder_settings_single" CHECK ("trading"."ladder_settings"."id" = 1)
);
--> statement-breakpoint
ALTER TABLE "trading"."trading_state" ADD COLUMN "acted" text[] DEFAULT '{}' NOT NULL;