CREATE TABLE "platform"."calendar_day_changes" (
	"position" bigserial PRIMARY KEY NOT NULL,
	"calendar" text NOT NULL,
	"date" date NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"changed_by" text NOT NULL,
	"reason" text NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "platform"."calendar_days" (
	"calendar" text NOT NULL,
	"date" date NOT NULL,
	"hours" jsonb NOT NULL,
	"changed_by" text NOT NULL,
	"reason" text NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "calendar_days_calendar_date_pk" PRIMARY KEY("calendar","date")
);
--> statement-breakpoint
CREATE TABLE "platform"."vendor_statuses" (
	"feed" text PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"said_at" timestamp (3) with time zone NOT NULL
);
