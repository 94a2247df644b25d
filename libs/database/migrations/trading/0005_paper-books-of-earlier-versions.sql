-- The paper broker had no books of its own before 0001: what it traded until then stands in the ledger's fills alone.
-- Its books get those orders and trades, so that its holdings are what the ledger says they are.
INSERT INTO "trading"."paper_orders" ("account_id", "client_order_id", "symbol", "side", "type", "quantity",
	"filled_quantity", "limit_price", "trigger_price", "time_in_force", "triggered", "status", "message", "placed_at")
SELECT "o"."account_id", "o"."client_order_id", "o"."symbol", "o"."side", "o"."type", "o"."quantity", "f"."quantity",
	"o"."limit_price", "o"."trigger_price", "o"."time_in_force", false,
	CASE WHEN "f"."quantity" >= "o"."quantity"::numeric THEN 'filled' ELSE 'canceled' END,
	'Traded before the paper broker kept books', "o"."created_at"
FROM "trading"."orders" "o"
JOIN "trading"."accounts" "a" ON "a"."id" = "o"."account_id" AND "a"."broker" = 'paper'
JOIN (
	SELECT "order_id", sum("quantity"::numeric) AS "quantity" FROM "trading"."fills" GROUP BY "order_id"
) "f" ON "f"."order_id" = "o"."id"
ON CONFLICT ("account_id", "client_order_id") DO NOTHING;
--> statement-breakpoint
INSERT INTO "trading"."paper_trades" ("trade_id", "account_id", "client_order_id", "quantity", "price", "fee", "traded_at")
SELECT "f"."trade_id", "f"."account_id", "o"."client_order_id", "f"."quantity", "f"."price", "f"."fee", "f"."filled_at"
FROM "trading"."fills" "f"
JOIN "trading"."orders" "o" ON "o"."id" = "f"."order_id"
JOIN "trading"."paper_orders" "p"
	ON "p"."account_id" = "o"."account_id" AND "p"."client_order_id" = "o"."client_order_id"
	AND "p"."message" = 'Traded before the paper broker kept books'
ORDER BY "f"."position"
ON CONFLICT ("trade_id") DO NOTHING;
