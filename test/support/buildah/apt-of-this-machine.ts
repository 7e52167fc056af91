import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

export interface AptOfThisMachine {
  /** Such as `bookworm`. */
  readonly codename: string
  /** A sources.list with the mirrors of this release. */
  readonly sources: string
  /** How they are reached, as lines of an apt.conf. */
  readonly options: string
}

/** What another root folder needs in order to install from where this machine does. */
export function aptOfThisMachine(): AptOfThisMachine {
  const codename = /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1]
  if (codename === undefined) throw new Error('/etc/os-release names no release')
  const indexes = execFileSync(
    'apt-get',
    ['indextargets', '--format', '$(REPO_URI) $(RELEASE) $(COMPONENT)', 'Created-By: Packages'],
    { encoding: 'utf8' },
  )
  // Those of others have releases of other names.
  const sources = indexes.split('\n').filter((line) => line.split(' ')[1]?.startsWith(codename))
  if (sources.length === 0) throw new Error('apt knows no mirror: run apt-get update')
  const options = execFileSync('apt-config', ['dump'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => /^Acquire::(Check-|https?::)/.test(line))
  return {
    codename,
    sources: sources.map((line) => `deb ${line}\n`).join(''),
    options: options.map((line) => `${line}\n`).join(''),
  }
}
