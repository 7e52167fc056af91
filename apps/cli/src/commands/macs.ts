import { readSpec } from '@mate-bench/harness/read-spec'
import { describeSpecNetwork, networkInputOf } from '@mate-bench/harness/spec'
import {
  type CostConvention,
  costConventions,
  costLedger,
  type ExitCost,
  exitCosts,
  type LedgerRow,
  type LeftOut,
  leftOutCosts,
  type Network,
} from '@mate-bench/nn/describe'
import { type Command, Option } from 'commander'
import { jsonOption, wholeNumber } from '../command-options.ts'
import { integer, si } from '../format/numbers.ts'
import { createPainter, type Painter } from '../format/paint.ts'
import { formatTable } from '../format/table.ts'

interface Flags {
  readonly perLayer?: true
  readonly convention: CostConvention
  readonly input?: number
  readonly classes?: number
  readonly json?: true
}

const examples = `
Sequential costs count the backbone up to the exit and every head on the way: what early exit pays.
Isolated costs count the backbone up to the exit and its own head alone (and earlier heads whose logits a method adds).
Convention macs counts multiply-accumulates of convolutions and linear layers; FLOPs = 2 x MACs.
Convention msdnet-ops counts as MSDNet's published tables do.
With --input and --classes the network is counted for images that no dataset here has.

Examples:
  mate-bench macs bench-specs/cifar100/resnet18-mate.json
  mate-bench macs bench-specs/cifar100/resnet18-mate.json --per-layer
  mate-bench macs bench-specs/cifar100/msdnet7-joint.json --convention msdnet-ops
  mate-bench macs SPEC --input 224 --classes 1000 --json
`

export function define(command: Command): void {
  command
    .argument('<spec>', 'spec file')
    .option('--per-layer', 'list every layer too')
    .addOption(new Option('--convention <name>', 'what counts').choices([...costConventions]).default('macs'))
    .option('--input <pixels>', "image height and width (default: the dataset's)", wholeNumber(1))
    .option('--classes <n>', "number of classes (default: the dataset's)", wholeNumber(2))
    .addOption(jsonOption())
    .addHelpText('after', examples)
    .action((path: string, flags: Flags) => {
      process.stdout.write(macs(path, flags, createPainter(process.stdout)))
    })
}

function macs(path: string, flags: Flags, paint: Painter): string {
  const images = { side: flags.input, classes: flags.classes }
  const spec = readSpec(path, images)
  const network = describeSpecNetwork(spec, networkInputOf(spec.dataset, images))
  const exits = exitCosts(network, flags.convention)
  const leftOut = leftOutCosts(network, flags.convention)
  const layers = flags.perLayer ? costLedger(network, flags.convention) : undefined
  if (flags.json) {
    const { inputShape, classes } = network
    const document = {
      spec: spec.name,
      inputShape,
      classes,
      convention: flags.convention,
      exits: exits.map((exit) => toJson(exit, flags.convention)),
      ...(leftOut.length > 0
        ? { leftOut: leftOut.map((part) => leftOutToJson(part, flags.convention)) }
        : {}),
      ...(layers ? { layers } : {}),
    }
    return `${JSON.stringify(document, null, 2)}\n`
  }
  const parts = [
    `${paint('bold', spec.name)}  ${network.inputShape.join('x')} images, ${network.classes} classes, convention ${flags.convention}, per image`,
    exitTable(exits, flags.convention, paint),
  ]
  if (leftOut.length > 0) parts.push(leftOutText(leftOut, flags.convention))
  if (layers) parts.push(layerTable(layers, network, flags.convention, paint))
  return `${parts.join('\n\n')}\n`
}

/** The ledger's fields are called MACs in either convention; outside, each unit has its own name. */
function toJson(exit: ExitCost, convention: CostConvention) {
  const { k, after, isolatedMacs, sequentialMacs, headMacs, parametersIsolated, parametersSequential } = exit
  const costs =
    convention === 'macs'
      ? {
          isolatedMacs,
          sequentialMacs,
          headMacs,
          isolatedFlops: 2 * isolatedMacs,
          sequentialFlops: 2 * sequentialMacs,
        }
      : { isolatedOps: isolatedMacs, sequentialOps: sequentialMacs, headOps: headMacs }
  return { k, after, ...costs, parametersIsolated, parametersSequential }
}

function leftOutToJson({ name, exit, ops, parameters }: LeftOut, convention: CostConvention) {
  return { name, fromExit: exit, ...(convention === 'macs' ? { macs: ops } : { ops }), parameters }
}

function exitTable(exits: readonly ExitCost[], convention: CostConvention, paint: Painter): string {
  const isMacs = convention === 'macs'
  const unit = isMacs ? 'MACs' : 'ops'
  const right = (title: string) => ({ title, align: 'right' as const })
  const columns = [
    right('exit'),
    { title: 'after' },
    right(`isolated ${unit}`),
    right(`sequential ${unit}`),
    ...(isMacs ? [right('FLOPs')] : []),
    right(`head ${unit}`),
    right('params to exit'),
    right('params in all'),
  ]
  const rows = exits.map((exit) => [
    String(exit.k),
    exit.after,
    exact(exit.isolatedMacs),
    exact(exit.sequentialMacs),
    ...(isMacs ? [si(2 * exit.sequentialMacs)] : []),
    si(exit.headMacs),
    exact(exit.parametersIsolated),
    exact(exit.parametersSequential),
  ])
  return formatTable(columns, rows, paint)
}

function leftOutText(leftOut: readonly LeftOut[], convention: CostConvention): string {
  const unit = convention === 'macs' ? 'MACs' : 'ops'
  return [
    'Not counted, since no exit uses it; a count that includes it is higher by:',
    ...leftOut.map(
      ({ name, exit, ops, parameters }) =>
        `  ${name}: ${exact(ops)} ${unit}, ${exact(parameters)} params, from exit ${exit} on`,
    ),
  ].join('\n')
}

/** Rounded for reading, with the exact count beside it. */
function exact(value: number): string {
  return `${integer(value)} (${si(value)})`
}

function layerTable(
  layers: readonly LedgerRow[],
  network: Network,
  convention: CostConvention,
  paint: Painter,
): string {
  const segments = new Map(
    network.nodes.map(({ name, owner }) => [
      name,
      owner.part === 'head' ? `head ${owner.exit}` : `backbone ${owner.segment}`,
    ]),
  )
  return formatTable(
    [
      { title: 'layer' },
      { title: 'kind' },
      { title: 'part' },
      { title: 'output' },
      { title: convention === 'macs' ? 'MACs' : 'ops', align: 'right' },
      { title: 'params', align: 'right' },
    ],
    layers
      .filter(({ ops, parameters }) => ops > 0 || parameters > 0)
      .map(({ name, kind, outputShape, ops, parameters }) => [
        name,
        kind,
        segments.get(name) ?? '',
        outputShape.join('x'),
        integer(ops),
        integer(parameters),
      ]),
    paint,
  )
}
