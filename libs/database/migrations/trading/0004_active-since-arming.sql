ALTER TABLE "trading"."accounts" ADD COLUMN "active_since" timestamp (3) with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
-- Orders and signals that wait when this is applied go on.
UPDATE "trading"."accounts" SET "active_since" = "created_at";
