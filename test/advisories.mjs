// Nothing that ships may have a known vulnerability of high severity or worse. A mirror of the registry may have no
// answer to that question: then this says so and passes, and any other failure does not.
import { spawnSync } from 'node:child_process'

const { stdout, stderr } = spawnSync(
  'npm',
  ['audit', '--omit=dev', '--audit-level=high', '--json'],
  // npm is a script on Windows.
  { encoding: 'utf8', shell: process.platform === 'win32', maxBuffer: 64 * 1024 * 1024 },
)
const report = parse(stdout)
const counts = report?.metadata?.vulnerabilities

if (counts) {
  const grave = Object.values(report.vulnerabilities).filter(({ severity }) =>
    /^(high|critical)$/.test(severity),
  )
  for (const { name, severity, range, fixAvailable } of grave) {
    console.error(`${severity}: ${name} ${range}${fixAvailable ? '' : ', no fix yet'}`)
  }
  console.log(
    `${grave.length} high or critical of ${counts.total} known in ${report.metadata.dependencies.prod} packages`,
  )
  process.exitCode = grave.length > 0 ? 1 : 0
} else if (report?.statusCode === 404 || report?.statusCode === 405) {
  console.log('not checked: this registry keeps no advisories')
} else {
  console.error(`npm audit gave no report: ${report?.message ?? stderr}`)
  process.exitCode = 1
}

function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
