import { engineId, engines, enginesFolder, installedEngine, platformName } from '@mate-bench/engines/install'
import { bytes } from '../format/numbers.ts'
import { createPainter } from '../format/paint.ts'
import { formatTable } from '../format/table.ts'

/** A line per engine: what it is, and whether it is here. */
export function listEngines(json: boolean): void {
  const platform = platformName()
  const rows = engines.map((engine) => {
    const build = Object.entries(engine.platforms).find(([name]) => name === platform)?.[1]
    const installed = installedEngine(engine.name)
    return {
      name: engine.name,
      version: engine.version,
      summary: engine.summary,
      platform,
      available: build !== undefined,
      downloadBytes: build
        ? [...build.wheels, ...build.npm].reduce((sum, { bytes }) => sum + bytes, 0)
        : null,
      installed: installed
        ? {
            id: installed.manifest.id,
            version: installed.manifest.version,
            folder: installed.folder,
            current: build !== undefined && installed.manifest.id === engineId(engine),
          }
        : null,
    }
  })
  if (json) {
    process.stdout.write(`${JSON.stringify({ enginesFolder: enginesFolder(), engines: rows }, null, 2)}\n`)
    return
  }
  const paint = createPainter(process.stdout)
  const table = formatTable(
    [{ title: 'engine' }, { title: 'version' }, { title: 'state' }, { title: 'what it is' }],
    rows.map(({ name, version, summary, available, downloadBytes, installed }) => [
      name,
      installed?.version ?? version,
      installed
        ? installed.current
          ? paint('green', 'on')
          : `${paint('green', 'on')}, another one is pinned: mate-bench engine add ${name}`
        : available
          ? `mate-bench engine add ${name} (${bytes(downloadBytes ?? 0)})`
          : `none for ${platform}`,
      summary,
    ]),
    paint,
  )
  process.stdout.write(`${table}\n\nEngines folder: ${enginesFolder()}\n`)
}
