import {
  createSigningKey,
  distrustKey,
  findSigningKey,
  keyFilePath,
  trustedKeys,
  trustKey,
} from '@mate-bench/harness/signing'
import { BenchError } from '@mate-bench/schema'
import { createPainter } from './format/paint.ts'
import { formatTable } from './format/table.ts'

/** What the `key` commands do. Each writes to standard output, and none a secret. */

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

export function makeKey(name: string, json: boolean): void {
  const { keyId } = createSigningKey(name)
  const path = keyFilePath()
  if (json) {
    say(JSON.stringify({ key: keyId, name, path }, null, 2))
    return
  }
  const paint = createPainter(process.stdout)
  say(keyId)
  say(paint('dim', `Its secret is in ${path}, readable by you alone. Runs that end from now on are signed.`))
}

export function sayKey(json: boolean): void {
  const key = findSigningKey()
  if (!key) {
    throw new BenchError({
      code: 'not-found',
      message: 'You have no key.',
      path: keyFilePath(),
      hint: 'Make one with `mate-bench key create`.',
    })
  }
  const path = process.env.MATE_BENCH_SIGNING_KEY ? 'MATE_BENCH_SIGNING_KEY' : keyFilePath()
  const { keyId, name } = key
  if (json) {
    say(JSON.stringify({ key: keyId, name, path }, null, 2))
    return
  }
  say(keyId)
  say(createPainter(process.stdout)('dim', `${name}, from ${path}`))
}

export function trust(keyId: string, { name, remove }: { name?: string; remove?: true }): void {
  if (remove) {
    if (distrustKey(keyId)) {
      say('It is not trusted any more.')
      return
    }
    throw new BenchError({
      code: 'not-found',
      message: 'You do not trust that key.',
      path: keyId,
      hint: '`mate-bench key list` shows those that you do.',
    })
  }
  if (name === undefined) {
    throw new BenchError({
      code: 'bad-input',
      message: 'Whose key is it?',
      path: '--name',
      hint: 'Add --name with a name that you will know it by.',
    })
  }
  trustKey(keyId, name)
  say(`Runs that ${keyId} signed are ${name}'s from now on.`)
}

export function sayKeys(json: boolean): void {
  const keys = trustedKeys()
  if (json) {
    say(JSON.stringify({ keys: keys.map(({ keyId, name, own }) => ({ key: keyId, name, own })) }, null, 2))
  } else if (keys.length === 0) {
    say('You have no key and trust none: `mate-bench key create` makes yours.')
  } else {
    const columns = [{ title: 'key' }, { title: '' }, { title: 'name' }]
    const rows = keys.map(({ keyId, name, own }) => [keyId, own ? 'yours' : 'trusted', name])
    say(formatTable(columns, rows, createPainter(process.stdout)))
  }
}
