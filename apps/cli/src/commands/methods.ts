import type { Method } from '@mate-bench/methods'
import type { Command } from 'commander'
import { jsonOption } from '../command-options.ts'
import { createPainter, type Painter } from '../format/paint.ts'
import { shortCitation } from '../format/short-citation.ts'
import { formatTable } from '../format/table.ts'
import { wrap } from '../format/wrap.ts'
import { type MethodOption, methodOptionList } from '../method-option-list.ts'

interface Flags {
  readonly json?: true
}

const examples = `
Examples:
  mate-bench methods            all of them, one line each
  mate-bench methods mate       its options with their defaults, presets, and where it comes from
  mate-bench methods --json
`

export function define(command: Command): void {
  command
    .argument('[name]', 'method')
    .addOption(jsonOption())
    .addHelpText('after', examples)
    .action(async (name: string | undefined, flags: Flags) => {
      const { describeNeeds, getMethod, methods, usualNeeds } = await import('@mate-bench/methods')
      const chosen = name === undefined ? methods : [getMethod(name)]
      const described = chosen.map((method) => ({ method, takes: describeNeeds(usualNeeds(method)) }))
      const paint = createPainter(process.stdout)
      process.stdout.write(`${format(described, name !== undefined, flags, paint)}\n`)
    })
}

interface Described {
  readonly method: Method
  /** What it takes in training, a phrase a need. */
  readonly takes: readonly string[]
}

function format(methods: readonly Described[], single: boolean, flags: Flags, paint: Painter): string {
  if (flags.json) {
    const list = methods.map((described) => toJson(described))
    return JSON.stringify(single ? list[0] : { methods: list }, null, 2)
  }
  if (single) return methods.map((described) => formatMethod(described, paint)).join('\n')
  const rows = methods.map(({ method }) => [
    method.name,
    method.title,
    shortCitation(method.citation),
    String(method.minimumExits),
    methodOptionList(method)
      .map(({ name }) => name)
      .join(', ') || 'none',
  ])
  const columns = [
    { title: 'method' },
    { title: 'title' },
    { title: 'paper' },
    { title: 'fewest exits', align: 'right' as const },
    { title: 'options' },
  ]
  return `${formatTable(columns, rows, paint)}\n\nmate-bench methods NAME says more about one.`
}

function toJson({ method, takes }: Described) {
  const { name, title, citation, summary, minimumExits, presets = [], evidence = [] } = method
  return {
    name,
    title,
    citation,
    summary,
    minimumExits,
    takes,
    options: methodOptionList(method),
    presets,
    evidence,
  }
}

function formatMethod({ method, takes }: Described, paint: Painter): string {
  const options = methodOptionList(method)
  return [
    `${paint('bold', method.name)}  ${method.title}`,
    '',
    wrap(method.summary, 100),
    '',
    wrap(method.citation, 100),
    '',
    `Needs at least ${method.minimumExits} ${method.minimumExits === 1 ? 'exit' : 'exits'}.`,
    ...(takes.length > 0 ? ['', wrap(`Takes in training: ${takes.join(', ')}.`, 100)] : []),
    '',
    options.length === 0 ? 'No options.' : formatOptions(options, paint),
    ...formatPresets(method, paint),
    ...formatEvidence(method, paint),
  ].join('\n')
}

function formatPresets({ presets = [] }: Method, paint: Painter): string[] {
  return presets.flatMap(({ name, summary, options }) => {
    const values = Object.entries(options).map(([option, value]) => `${option} ${JSON.stringify(value)}`)
    return ['', `Preset ${paint('bold', name)}: ${summary}`, indented(values.join(', '))]
  })
}

function formatEvidence({ evidence = [] }: Method, paint: Painter): string[] {
  if (evidence.length === 0) return []
  const rows = evidence.map(
    ({ options, text }) => `  ${paint('bold', options.join(', '))}\n${indented(text)}`,
  )
  return ['', 'What the choices rest on:', ...rows]
}

function indented(text: string): string {
  return wrap(text, 94)
    .split('\n')
    .map((line) => `      ${line}`)
    .join('\n')
}

function formatOptions(options: readonly MethodOption[], paint: Painter): string {
  return options
    .map(({ name, type, default: value, description }) =>
      [
        `  ${paint('bold', name)}  ${type}${value === undefined ? '' : `, default ${JSON.stringify(value)}`}`,
        indented(description),
      ].join('\n'),
    )
    .join('\n')
}
