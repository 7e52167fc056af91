import { execFile as execFileOf } from 'node:child_process'
import { promisify } from 'node:util'
import type { NpmPin, WheelPin } from '@mate-bench/engines/install'
import { engines } from '@mate-bench/engines/install'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readPipConfiguration } from '../../packages/engines/src/fetch/pip-configuration.ts'

// The files themselves, two gigabytes for a GPU, are fetched where an image is built or an engine added. Here only what the
// indexes say of them is held against the pins.
const execFile = promisify(execFileOf)
const [index = ''] = readPipConfiguration().indexes

/** PEP 691: https://packaging.python.org/en/latest/specifications/simple-repository-api/ */
const projectSchema = z.object({
  files: z.array(
    z.object({
      filename: z.string(),
      hashes: z.record(z.string(), z.string()),
      size: z.number().optional(),
      yanked: z.union([z.boolean(), z.string()]).default(false),
    }),
  ),
})

describe.each(engines.map((engine) => ({ name: engine.name, builds: Object.entries(engine.platforms) })))(
  'the engine $name',
  ({ builds }) => {
    const wheels = builds.flatMap(([platform, build]) =>
      (build?.wheels ?? []).map((wheel): [string, string, WheelPin] => [wheel.file, platform, wheel]),
    )
    it.each(wheels)('has %s on the index, for %s, in the pinned bytes', async (file, _, wheel) => {
      const answer = await fetch(`${index.replace(/\/+$/, '')}/${wheel.package}/`, {
        headers: { accept: 'application/vnd.pypi.simple.v1+json' },
      })
      expect(answer.status).toBe(200)
      const { files } = projectSchema.parse(await answer.json())
      const found = files.find(({ filename }) => filename === file)
      expect(found).toMatchObject({ hashes: { sha256: wheel.sha256 }, yanked: false })
      expect(found?.size ?? wheel.bytes).toBe(wheel.bytes)
    })

    const packages = builds.flatMap(([, build]) => build?.npm ?? [])
    const distinct = new Map(packages.map((pin): [string, NpmPin] => [`${pin.package}@${pin.version}`, pin]))
    it.runIf(distinct.size > 0).each([...distinct])(
      'has %s on npm, in the pinned bytes',
      async (name, pin) => {
        const { stdout } = await execFile('npm', ['view', name, 'dist.integrity'])
        expect(stdout.trim()).toBe(pin.integrity)
      },
    )
  },
)
