ALTER TABLE "trading"."fills" ADD COLUMN "trip_net" numeric;--> statement-breakpoint
ALTER TABLE "trading"."positions" ADD COLUMN "closed_net" numeric DEFAULT '0' NOT NULL;--> statement-breakpoint
-- What each fill that ended a round trip made, from the fills themselves. A charge that two trips share is parted by
-- quantity, as applyTrade parts it.
CREATE TEMPORARY TABLE ended ON COMMIT DROP AS
WITH signed AS (
  SELECT account_id, trade_id, strategy, symbol, position, realized, fee, quantity::text::numeric AS quantity,
    CASE side WHEN 'BUY' THEN quantity::text::numeric ELSE -quantity::text::numeric END AS change
  FROM trading.fills
), folded AS (
  SELECT *,
    sum(change) OVER place AS held,
    sum(change) OVER place - change AS before,
    sum(realized) OVER place AS realized_until,
    sum(fee) OVER place - fee AS fees_before
  FROM signed
  WINDOW place AS (PARTITION BY account_id, strategy, symbol ORDER BY position)
)
SELECT account_id, trade_id, strategy, symbol, position,
  realized_until - fees_before
    - CASE WHEN held = 0 THEN fee ELSE round(fee * abs(before) / quantity, 12) END AS closed_net
FROM folded
WHERE before <> 0 AND sign(held) <> sign(before);--> statement-breakpoint
UPDATE trading.fills f SET trip_net = e.net
FROM (
  SELECT account_id, trade_id, closed_net - coalesce(
    lag(closed_net) OVER (PARTITION BY account_id, strategy, symbol ORDER BY position), 0) AS net
  FROM ended
) e
WHERE f.account_id = e.account_id AND f.trade_id = e.trade_id;--> statement-breakpoint
UPDATE trading.positions p SET closed_net = e.closed_net
FROM (
  SELECT DISTINCT ON (account_id, strategy, symbol) account_id, strategy, symbol, closed_net
  FROM ended ORDER BY account_id, strategy, symbol, position DESC
) e
WHERE p.account_id = e.account_id AND p.strategy = e.strategy AND p.symbol = e.symbol;--> statement-breakpoint
DROP TABLE ended;
