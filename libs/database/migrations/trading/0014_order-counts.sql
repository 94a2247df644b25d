CREATE TABLE "trading"."order_counts" (
	"account_id" text NOT NULL,
	"symbol" text NOT NULL,
	"quarter" timestamp (3) with time zone NOT NULL,
	"orders" integer NOT NULL,
	CONSTRAINT "order_counts_account_id_symbol_quarter_pk" PRIMARY KEY("account_id","symbol","quarter")
);
--> statement-breakpoint
ALTER TABLE "trading"."order_counts" ADD CONSTRAINT "order_counts_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "trading"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "fills_trip_won" ON "trading"."fills" USING btree ("account_id","strategy","filled_at","position") WHERE "trading"."fills"."trip_net" > 0;--> statement-breakpoint
CREATE INDEX "fills_trip_lost" ON "trading"."fills" USING btree ("account_id","strategy","filled_at","position") WHERE "trading"."fills"."trip_net" < 0;--> statement-breakpoint
CREATE FUNCTION trading.count_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  change integer := 0;
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.status NOT IN ('Denied', 'Rejected') THEN change := -1; END IF;
  IF NEW.status NOT IN ('Denied', 'Rejected') THEN change := change + 1; END IF;
  IF change <> 0 THEN
    INSERT INTO trading.order_counts AS c (account_id, symbol, quarter, orders)
    SELECT NEW.account_id, one, date_bin('15 minutes', NEW.created_at, '1970-01-01T00:00:00Z'), change
    FROM unnest(ARRAY['', NEW.symbol]) AS one
    ON CONFLICT (account_id, symbol, quarter) DO UPDATE SET orders = c.orders + EXCLUDED.orders;
  END IF;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER order_is_counted AFTER INSERT ON trading.orders FOR EACH ROW EXECUTE FUNCTION trading.count_order();--> statement-breakpoint
CREATE TRIGGER order_is_counted_anew AFTER UPDATE OF status ON trading.orders FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION trading.count_order();--> statement-breakpoint
INSERT INTO trading.order_counts (account_id, symbol, quarter, orders)
SELECT account_id, one, date_bin('15 minutes', created_at, '1970-01-01T00:00:00Z'), count(*)
FROM trading.orders, unnest(ARRAY['', symbol]) AS one
WHERE status NOT IN ('Denied', 'Rejected')
GROUP BY 1, 2, 3;
