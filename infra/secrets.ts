/** Set with `npx sst secret set NAME VALUE --stage STAGE`; stored encrypted. */
export const secrets = {
  /** Connection string of the database, with its password: what `@vercel/postgres` calls POSTGRES_URL. */
  postgresUrl: new sst.Secret('PostgresUrl'),
  /** What signs the heads of the ledger: the content of a key file, from `mate-bench key create`. */
  siteSigningKey: new sst.Secret('SiteSigningKey'),
  /** What signs the runs that are trained here, another one. */
  trainerSigningKey: new sst.Secret('TrainerSigningKey'),
  /** Who hears of the budget and of alarms. */
  operatorEmail: new sst.Secret('OperatorEmail'),
}
