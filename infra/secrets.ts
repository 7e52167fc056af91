/** Set with `npx sst secret set NAME VALUE --stage STAGE`; stored encrypted. */
export const secrets = {
  /** Connection string of the database, with its password: what `@vercel/postgres` calls POSTGRES_URL. */
  postgresUrl: new sst.Secret('PostgresUrl'),
  /** Who hears of the budget and of alarms. */
  operatorEmail: new sst.Secret('OperatorEmail'),
}
