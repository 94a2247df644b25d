CREATE SCHEMA "risk";
--> statement-breakpoint
CREATE TABLE "risk"."limit_changes" (
	"position" bigserial PRIMARY KEY NOT NULL,
	"scope_kind" text NOT NULL,
	"scope_key" text NOT NULL,
	"before" jsonb,
	"after" jsonb NOT NULL,
	"changed_by" text NOT NULL,
	"reason" text NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "risk"."limits" (
	"scope_kind" text NOT NULL,
	"scope_key" text NOT NULL,
	"limits" jsonb NOT NULL,
	"changed_by" text NOT NULL,
	"reason" text NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "limits_scope_kind_scope_key_pk" PRIMARY KEY("scope_kind","scope_key")
);
