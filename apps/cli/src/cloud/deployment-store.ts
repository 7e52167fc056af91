import { BenchError } from '@mate-bench/schema'
import { databaseUrlFromEnvironment, type Store } from '@mate-bench/store'
import { withStore } from '../prepared-store.ts'

/**
 * Opens the deployment's database. The embedded one, which other commands fall back on, knows nothing of a deployment
 * and would answer that there is nothing.
 *
 * @throws BenchError `bad-input` where no database is named, and what `withStore` throws
 */
export async function withDeploymentStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  if (databaseUrlFromEnvironment() === undefined) {
    throw new BenchError({
      code: 'bad-input',
      message: 'No database is named.',
      path: 'DATABASE_URL',
      hint: 'Set DATABASE_URL or POSTGRES_URL to the deployment’s database (docs/deploy.md).',
    })
  }
  return await withStore(work)
}
