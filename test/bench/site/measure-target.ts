import { fetchBytes, type Load, measureLoads } from './load.ts'
import { type PageWeight, weighPage } from './page-weight.ts'

export interface Target {
  readonly name: string
  readonly loads: readonly TargetLoad[]
  /** Absent for the API. */
  readonly weight?: PageWeight
  /** Of its answer, as gzip: what the constant beside it has too. */
  readonly bytes: number
}

export interface TargetLoad {
  readonly readers: number
  readonly site: Load
  /** A bare server in the same run that answers with as many bytes, which are there already. */
  readonly constant: Load
}

interface Options {
  /** How many at a time, one measurement after another. */
  readonly readers: readonly number[]
  readonly seconds: number
}

/** Measures an address of the site beside a constant of its size, in turn, with the same readers. */
export async function measureTarget(
  name: string,
  url: URL,
  constantServer: URL,
  { readers, seconds }: Options,
): Promise<Target> {
  const weight = url.pathname.startsWith('/api/') ? undefined : await weighPage(url)
  const { bytes } = await fetchBytes(url)
  const constant = new URL(`/?bytes=${bytes.length}`, constantServer)
  const loads: TargetLoad[] = []
  for (const count of readers) {
    const [site, beside] = await measureLoads([url, constant], count, seconds)
    if (site && beside) loads.push({ readers: count, site, constant: beside })
  }
  return { name, loads, bytes: bytes.length, ...(weight ? { weight } : {}) }
}
