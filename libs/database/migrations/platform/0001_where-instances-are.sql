CREATE TABLE "platform"."service_instances" (
	"service" text NOT NULL,
	"address" text NOT NULL,
	"seen_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "service_instances_service_address_pk" PRIMARY KEY("service","address")
);
