CREATE SCHEMA "platform";
--> statement-breakpoint
CREATE TABLE "platform"."installation" (
	"only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"id" text NOT NULL,
	"seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
