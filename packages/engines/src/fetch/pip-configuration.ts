import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

/** Where pip would look for a wheel. */
export interface PipConfiguration {
  /** Simple indexes in the order in which they are asked. */
  readonly indexes: readonly string[]
  /** Folders and pages with files beside the indexes. */
  readonly findLinks: readonly string[]
}

const publicIndex = 'https://pypi.org/simple'

/**
 * What pip's environment variables and configuration files say of indexes: PIP_INDEX_URL, PIP_EXTRA_INDEX_URL,
 * PIP_FIND_LINKS, PIP_NO_INDEX, and the same keys of `pip.conf` for everybody, for the user, for the virtual environment
 * and of PIP_CONFIG_FILE, each overriding the one before.
 *
 * https://pip.pypa.io/en/stable/topics/configuration/
 */
export function readPipConfiguration(
  env: Environment = process.env,
  files: readonly string[] = configurationFiles(env),
): PipConfiguration {
  const settings = new Map<string, string>()
  for (const file of files) {
    for (const [key, value] of readSettings(file)) settings.set(key, value)
  }
  for (const key of ['index-url', 'extra-index-url', 'find-links', 'no-index']) {
    const value = env[`PIP_${key.toUpperCase().replaceAll('-', '_')}`]
    if (value) settings.set(key, value)
  }
  const words = (key: string) => (settings.get(key) ?? '').split(/\s+/).filter(Boolean)
  const noIndex = /^(1|true|yes|on)$/i.test(settings.get('no-index') ?? '')
  const indexes = [settings.get('index-url') ?? publicIndex, ...words('extra-index-url')]
  return { indexes: noIndex ? [] : indexes, findLinks: words('find-links') }
}

function configurationFiles(env: Environment): string[] {
  const home = homedir()
  if (env.PIP_CONFIG_FILE === '/dev/null') return []
  if (process.platform === 'win32') {
    const folders = [env.PROGRAMDATA, env.USERPROFILE, env.APPDATA].flatMap((folder) =>
      folder ? [join(folder, 'pip')] : [],
    )
    const files = [...folders, ...(env.VIRTUAL_ENV ? [env.VIRTUAL_ENV] : [])].map((folder) =>
      join(folder, 'pip.ini'),
    )
    return [...files, ...(env.PIP_CONFIG_FILE ? [env.PIP_CONFIG_FILE] : [])].filter((file) =>
      existsSync(file),
    )
  }
  const files = [
    '/etc/pip.conf',
    join(home, '.pip', 'pip.conf'),
    ...(process.platform === 'darwin'
      ? [join(home, 'Library', 'Application Support', 'pip', 'pip.conf')]
      : []),
    join(env.XDG_CONFIG_HOME || join(home, '.config'), 'pip', 'pip.conf'),
    ...(env.VIRTUAL_ENV ? [join(env.VIRTUAL_ENV, 'pip.conf')] : []),
    ...(env.PIP_CONFIG_FILE ? [env.PIP_CONFIG_FILE] : []),
  ]
  return files.filter((file) => existsSync(file))
}

/** Keys of the sections [global] and [download]; an indented line goes on with the value above it. */
function readSettings(file: string): [string, string][] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    // pip passes over what this user may not read.
    return []
  }
  const sections = new Map<string, Map<string, string>>()
  let section = new Map<string, string>()
  let key = ''
  for (const line of text.split(/\r?\n/)) {
    const header = /^\[([^\]]+)\]/.exec(line)
    const pair = /^([^\s#;=:][^=:]*?)\s*[=:]\s*(.*)$/.exec(line)
    if (header?.[1]) {
      section = sections.get(header[1]) ?? new Map()
      sections.set(header[1], section)
      key = ''
    } else if (pair?.[1]) {
      key = pair[1].toLowerCase().replaceAll('_', '-')
      section.set(key, pair[2]?.trim() ?? '')
    } else if (/^\s+\S/.test(line) && key) {
      section.set(key, `${section.get(key) ?? ''} ${line.trim()}`)
    }
  }
  return ['global', 'download'].flatMap((name) => [...(sections.get(name) ?? [])])
}
