import { readdirSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where the Vulkan loader looks for what drivers say of themselves. */
const folders = ['/etc/vulkan/icd.d', '/usr/share/vulkan/icd.d', '/usr/local/share/vulkan/icd.d']

/** Variables that choose a driver or an adapter. */
const variables = ['VK_DRIVER_FILES', 'VK_ICD_FILENAMES', 'VK_ADD_DRIVER_FILES', 'MATE_BENCH_DAWN']

/**
 * A text that changes when another Vulkan driver is installed, updated or chosen. Elsewhere drivers come with the system,
 * whose version is known otherwise.
 */
export function gpuDriversIdentity(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const chosen = variables.map((name) => env[name] ?? '')
  const named = chosen.slice(0, 3).flatMap((list) => list.split(delimiter).filter((path) => path !== ''))
  const files = [...folders.flatMap(filesIn), ...named].map((path) => {
    const { mtimeMs, size } = statSync(path, { throwIfNoEntry: false }) ?? {}
    return [path, mtimeMs, size]
  })
  return JSON.stringify([chosen, files])
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .sort()
      .map((name) => join(folder, name))
  } catch {
    return []
  }
}
