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
    const check = all.find(({ name, text }) => name === 'RUN' && text.includes('ldconfig -p'))?.text ?? ''
    const fails = check.includes('exit 1')
    return [
      ...(fails ? [] : ['it does not fail']),
      ...libraries.filter((library) => !check.includes(library)),
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
  ['each library of CUDA and cuDNN is looked for', 'exit 1', 'true'],
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
