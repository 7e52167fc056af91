// Every optional dependency that a package names must stand in the lockfile, the other platforms' too:
// otherwise `npm ci` works on the machine that wrote the lock and on no other.
import { readFileSync } from 'node:fs'

const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'))

/** Where a dependency of `path` resolves, walking up through node_modules as npm does. */
function resolves(path, name) {
  for (let folder = path; ; folder = folder.slice(0, folder.lastIndexOf('/node_modules/'))) {
    if (packages[`${folder ? `${folder}/` : ''}node_modules/${name}`]) return true
    if (!folder.includes('/node_modules/')) return Boolean(packages[`node_modules/${name}`])
  }
}

const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {}, dependencies = {} }]) =>
  Object.keys({ ...dependencies, ...optionalDependencies })
    .filter((name) => !resolves(path, name))
    .map((name) => `${path || 'the root'} needs ${name}`),
)
const hosts = Object.values(packages).filter(({ resolved }) => resolved?.startsWith('http'))

for (const line of missing) console.error(`not in the lockfile: ${line}`)
for (const { resolved } of hosts) console.error(`names a registry host: ${resolved}`)
console.log(
  `${Object.keys(packages).length} packages, ${missing.length} missing, ${hosts.length} with a host`,
)
process.exitCode = missing.length + hosts.length > 0 ? 1 : 0
