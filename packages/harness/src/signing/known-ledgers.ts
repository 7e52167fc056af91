import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError, keyIdSchema, parseJson, treeHeadSchema } from '@mate-bench/schema'
import { z } from 'zod'
import { writeFileAtomic } from '../atomic-file.ts'
import { configFolder } from './config-folder.ts'

const knownSchema = z.strictObject({
  format: z.literal('mate-bench-known-ledgers'),
  version: z.literal(1),
  ledgers: z
    .array(
      z.strictObject({
        site: z.string().max(1000),
        /** The key that signed its head; null where none did. */
        key: keyIdSchema.nullable(),
        head: treeHeadSchema,
      }),
    )
    .max(10_000),
})

export type KnownLedger = z.output<typeof knownSchema>['ledgers'][number]

const pathOf = () => join(configFolder(), 'known-ledgers.json')

/** What was seen of a site's ledger the last time; undefined where it is new. */
export function knownLedger(site: string): KnownLedger | undefined {
  return read().find((known) => known.site === site)
}

/** Whether a key signs the ledger of a site that was checked before. */
export function isKnownLedgerKey(keyId: string): boolean {
  return read().some(({ key }) => key === keyId)
}

/** Keeps what holds, to compare with the next time. */
export function rememberLedger(ledger: KnownLedger): void {
  const ledgers = [...read().filter(({ site }) => site !== ledger.site), ledger]
  const document: z.input<typeof knownSchema> = { format: 'mate-bench-known-ledgers', version: 1, ledgers }
  writeFileAtomic(pathOf(), `${JSON.stringify(document, null, 2)}\n`)
}

function read(): KnownLedger[] {
  const path = pathOf()
  if (!existsSync(path)) return []
  const parsed = knownSchema.safeParse(
    parseJson(readFileSync(path, 'utf8'), path, { maximumBytes: 10_000_000, maximumDepth: 6 }),
  )
  if (parsed.success) return parsed.data.ledgers
  throw new BenchError({
    code: 'bad-input',
    message: `${path} is no list of ledgers.`,
    path,
    hint: 'Move it away: the next check then begins anew.',
  })
}
