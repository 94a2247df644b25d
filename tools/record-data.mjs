// Records the database of a running platform as one small SQL file: data of this schema, for the tests of later ones.
//
//   node tools/record-data.mjs <data folder> <folder of its migrations> <file.sql.gz>
//
// The platform must run, and should have traded. Do this before a migration changes a schema that was released.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import pg from 'pg';

/** Candles are most of the data and none of the books: a few are enough. Leases end with their process. */
const FILTERS = {
  'market.candles': '(symbol, interval_ms) in (select min(symbol), 300000 from market.candles)',
  'market.feed_leases': 'false',
  'trading.account_leases': 'false',
};

const [dataDir, migrations, output] = process.argv.slice(2);
if (!output) {
  console.error('node tools/record-data.mjs <data folder> <folder of its migrations> <file.sql.gz>');
  process.exit(2);
}

const client = new pg.Client({ connectionString: await address(dataDir) });
await client.connect();
await client.query('begin isolation level repeatable read read only');
const parts = [
  'set session_replication_role = replica;',
  ...(await definitions(migrations)),
  ...(await content()),
  'set session_replication_role = default;',
];
await client.end();
const packed = gzipSync(parts.join('\n') + '\n', { level: 9 });
await writeFile(output, packed);
console.log(`${output}: ${packed.length} bytes`);

/** Where the platform's own PostgreSQL listens. */
async function address(directory) {
  const [, , , port] = (await readFile(join(directory, 'postgres/postmaster.pid'), 'utf8')).split('\n');
  const password = (await readFile(join(directory, 'postgres.password'), 'utf8')).trim();
  return `postgresql://postgres:${password}@127.0.0.1:${port}/tickbridge`;
}

/** The schemas as their migrations made them, and the record of which were run. */
async function definitions(directory) {
  const texts = ['create schema migrations;'];
  for (const schema of (await readdir(directory)).sort()) {
    const files = (await readdir(join(directory, schema))).filter((name) => name.endsWith('.sql')).sort();
    for (const file of files) texts.push(await readFile(join(directory, schema, file), 'utf8'));
    texts.push(
      `create table migrations.${schema} (id serial primary key, hash text not null, created_at bigint);`,
    );
  }
  return texts;
}

/** Every row as text, table by table, and where the sequences stand. */
async function content() {
  const { rows: tables } = await client.query(`
    select format('%s.%s', table_schema, table_name) as name,
      array_agg(column_name::text order by ordinal_position) as columns
    from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'
    group by 1 order by 1`);
  const statements = [];
  for (const { name, columns } of tables) {
    const quoted = columns.map((column) => `"${column}"`);
    const where = FILTERS[name] ? `where ${FILTERS[name]}` : '';
    const { rows } = await client.query({
      text: `select ${quoted.map((column) => `${column}::text`).join(', ')} from ${name} ${where}`,
      rowMode: 'array',
    });
    if (rows.length === 0) continue;
    const values = rows.map((row) => `(${row.map(literal).join(',')})`);
    statements.push(`insert into ${name} (${quoted.join(', ')}) values\n${values.join(',\n')};`);
  }
  const { rows: sequences } = await client.query(
    'select schemaname, sequencename, last_value from pg_sequences where last_value is not null',
  );
  for (const { schemaname, sequencename, last_value } of sequences)
    statements.push(`select setval('"${schemaname}"."${sequencename}"', ${last_value});`);
  return statements;
}

function literal(value) {
  return value === null ? 'null' : pg.escapeLiteral(value);
}
