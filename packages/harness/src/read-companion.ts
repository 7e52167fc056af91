import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type CompanionRole, companionFiles, decodeUtf8, parseJson } from '@mate-bench/schema'
import { maximumBytes, readBounded } from './read-bounded.ts'

/**
 * Reads a JSON document that stands beside a manifest.
 * @returns undefined where there is none
 * @throws BenchError `bad-input` for one that is no JSON or too long
 */
export function readCompanion(folder: string, role: CompanionRole): unknown {
  const path = join(folder, companionFiles[role].file)
  if (!existsSync(path)) return undefined
  const text = decodeUtf8(readBounded(path, maximumBytes[role]), path)
  return parseJson(text, path, { maximumBytes: maximumBytes[role], maximumDepth: 16 })
}
