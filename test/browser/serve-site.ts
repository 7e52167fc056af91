/**
 * A site with a database and runs of its own, for the browser tests: trains tiny specs, publishes them and some runs that
 * nobody trained, and serves.
 *
 *   tsx test/browser/serve-site.ts PORT
 *
 * Ends with SIGTERM, and takes its folder with it.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { siteSpecs } from './site-specs.ts'
import { siteTokenFile } from './site-token.ts'
import { publishSyntheticTrack } from './synthetic-track.ts'

const [port = '4317'] = process.argv.slice(2)
const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'mate-bench-site-'))
// As root, the database runs as an unprivileged user, who must be able to enter.
chmodSync(folder, 0o755)
for (const name of ['DATABASE_URL', 'POSTGRES_URL']) delete process.env[name]
const environment = {
  MATE_BENCH_DB: join(folder, 'postgres'),
  MATE_BENCH_ARTIFACTS: join(folder, 'artifacts'),
}
Object.assign(process.env, environment, { MATE_BENCH_URL: `http://localhost:${port}` })
let child: ChildProcess | undefined
let stopped = false

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    stopped = true
    child?.kill('SIGTERM')
  })
}

try {
  const specs = siteSpecs.map((spec) => {
    const file = join(folder, `${spec.name}.json`)
    writeFileSync(file, JSON.stringify(spec))
    return file
  })
  const runs = join(folder, 'runs')
  await mateBench('run', ...specs, '--out', runs, '--backend', 'wasm', '--workers', '2')
  await mateBench('db', 'migrate')
  await mateBench('db', 'seed', '--no-results')
  await publishSyntheticTrack()
  await mateBench('publish', runs)
  mkdirSync(dirname(siteTokenFile), { recursive: true })
  const scopes = 'submit,approve'
  const created = await mateBench('token', 'create', '--owner', 'ada', '--scope', scopes, '--json')
  if (!stopped) writeFileSync(siteTokenFile, JSON.stringify({ ...JSON.parse(created), environment }))
  await mateBench('serve', '--no-results', '--port', port)
} finally {
  stopped = false
  await mateBench('db', 'stop').catch(() => '')
  rmSync(siteTokenFile, { force: true })
  rmSync(folder, { recursive: true, force: true })
}

/** Runs the program; gives what it wrote. */
async function mateBench(...args: string[]): Promise<string> {
  if (stopped) return ''
  const program = spawn(process.execPath, [join(root, 'apps/cli/bin/mate-bench.js'), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child = program
  let output = ''
  program.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const [code] = await once(program, 'close')
  if (code !== 0 && !stopped) throw new Error(`mate-bench ${args.join(' ')} ended with ${code}:\n${output}`)
  return output
}
