import { randomUUID } from 'node:crypto';

/** An account that no service trades: its feed runs nowhere. */
const ACCOUNT = 'BY_HAND';

/** The rows of a filled paper order in one statement, as somebody would write it who needs nothing but the rows. */
const ONE_ORDER = `with signal as (
    insert into trading.signals (id, source, symbol, action, strength, confidence, price, reason, components, strategy,
      bar_time, created_at, expires_at)
    values ($1, 'by-hand', $2, 'BUY', 1, 1, 100, 'measured', '{}', 'manual', now(), now(), now())
  ), placed as (
    insert into trading.orders (id, client_order_id, signal_id, account_id, symbol, product, side, type, quantity,
      decision_price, status, filled_quantity, average_price, strategy, bar_time, created_at, updated_at)
    values ($3, $4, $1, '${ACCOUNT}', $2, 'intraday', 'BUY', 'MARKET', 1, 100, 'Filled', 1, 100, 'manual', now(), now(), now())
  ), events as (
    insert into trading.order_events (order_id, sequence, from_status, to_status, occurred_at)
    values ($3, 1, null, 'Initialized', now()), ($3, 2, 'Initialized', 'Submitted', now()),
      ($3, 3, 'Submitted', 'Accepted', now()), ($3, 4, 'Accepted', 'Filled', now())
  ), taken as (
    insert into trading.paper_orders (account_id, client_order_id, symbol, side, type, quantity, filled_quantity,
      time_in_force, triggered, status, placed_at)
    values ('${ACCOUNT}', $4, $2, 'BUY', 'MARKET', 1, 1, 'DAY', false, 'filled', now())
  ), traded as (
    insert into trading.paper_trades (trade_id, account_id, client_order_id, quantity, price, traded_at)
    values ($5, '${ACCOUNT}', $4, 1, 100, now())
  ), booked as (
    insert into trading.fills (account_id, trade_id, order_id, symbol, strategy, side, quantity, price, fee, realized, filled_at)
    values ('${ACCOUNT}', $5, $3, $2, 'manual', 'BUY', 1, 100, 0, 0, now())
  ), held as (
    insert into trading.positions (account_id, strategy, symbol, quantity, cost, realized, fees, updated_at)
    values ('${ACCOUNT}', 'manual', $2, 1, 100, 0, 0, now())
    on conflict (account_id, strategy, symbol) do update set quantity = trading.positions.quantity + 1,
      cost = trading.positions.cost + 100, updated_at = now()
  ), paid as (
    update trading.accounts set cash = cash - 100 where id = '${ACCOUNT}'
  ) insert into trading.outbox (subject, payload)
    select 'by.hand', '{}' from generate_series(1, 4)`;

/**
 * A hand-written transaction of the rows that an order leaves: the least that anybody needs who stores them on this machine.
 *
 * @param {string} url of the platform's PostgreSQL
 * @returns {Promise<number[]>} milliseconds of each of the orders, one after the other
 */
export async function ordersByHand(url, symbols, count) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      `insert into trading.accounts (id, broker, feed, currency, capital, cash) values ($1, 'paper', 'by-hand', 'INR', 1e9, 1e9)
       on conflict do nothing`,
      [ACCOUNT],
    );
    const took = [];
    for (let order = 0; order < count; order += 1) {
      const id = randomUUID();
      const began = performance.now();
      const values = [randomUUID(), symbols[order % symbols.length], id, id, randomUUID()];
      await client.query({ name: 'one-order', text: ONE_ORDER, values });
      took.push(performance.now() - began);
    }
    return took;
  } finally {
    await client.query(`delete from trading.outbox where subject = 'by.hand'`);
    await client.end();
  }
}
