// Unpacks the platform of the pinned SST and installs its providers' types, without an AWS account and without any
// download but the npm registry's. Does nothing where that has been done for the same sst.config.ts.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const bunVersion = '1.2.1' // the one that SST pins
const wanted = JSON.parse(readFileSync(join(root, 'node_modules/sst/package.json'), 'utf8')).version
// Its providers are what is installed, and change with it.
const state = createHash('sha256')
  .update(wanted)
  .update(readFileSync(join(root, 'sst.config.ts')))
  .digest('hex')
const stateFile = join(root, '.sst/installed')
const there =
  existsSync(stateFile) &&
  readFileSync(stateFile, 'utf8') === state &&
  existsSync(join(root, '.sst/platform/node_modules/@pulumi/aws'))

if (there) {
  console.log(`SST ${wanted}: its platform is there`)
} else {
  const environment = {
    ...process.env,
    SST_SKIP_DEPENDENCY_CHECK: 'true',
    SST_TELEMETRY_DISABLED: '1',
    AWS_EC2_METADATA_DISABLED: 'true',
    ...installer(),
  }
  const { status } = spawnSync(join(root, 'node_modules/.bin/sst'), ['install', '--stage', 'ci'], {
    cwd: root,
    env: environment,
    stdio: 'inherit',
  })
  if (status === 0) writeFileSync(stateFile, state)
  process.exitCode = status ?? 1
}

/** Bun honours the lockfile of SST's platform, and takes seconds; elsewhere npm does. */
function installer() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return { NO_BUN: 'true' }
  const tools = join(root, '.sst/tools')
  const bun = join(tools, 'node_modules/@oven/bun-linux-x64-baseline/bin/bun')
  if (!existsSync(bun)) {
    mkdirSync(tools, { recursive: true })
    const { status } = spawnSync(
      'npm',
      ['install', '--no-save', '--prefix', tools, `@oven/bun-linux-x64-baseline@${bunVersion}`],
      { stdio: 'inherit' },
    )
    if (status !== 0) return { NO_BUN: 'true' }
  }
  return { SST_BUN_PATH: bun, BUN_INSTALL_CACHE_DIR: join(tools, 'cache') }
}
