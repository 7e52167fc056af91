import { join } from 'node:path'
import { expect, it } from 'vitest'
import { checkResults, listResults, loadShipped } from './results-commands.ts'

it('refuses a folder that is named and holds no packed runs', async () => {
  const nowhere = join(import.meta.dirname, 'no-such-folder')
  const refused = { code: 'not-found', message: expect.stringContaining(nowhere) }
  await expect(listResults(nowhere, true)).rejects.toMatchObject(refused)
  await expect(loadShipped(nowhere)).rejects.toMatchObject(refused)
  await expect(checkResults(nowhere)).rejects.toMatchObject(refused)
})
