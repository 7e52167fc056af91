import { cheapestReaching, exitWithin } from '@mate-bench/stats'
import type { ReactNode } from 'react'
import type { BoardEntry } from '../../data/board-table.ts'
import { budgetColumns } from '../../view/board-budgets.ts'
import type { BoardParams, ColumnKey, SortKey } from '../../view/board-params.ts'
import { percent, plural, shortSi, si, unitName } from '../../view/numbers.ts'
import { AgainstOther } from './against-other.tsx'
import { IntervalOf } from './interval-of.tsx'

/** A column of the board behind rank and entry. */
export interface BoardColumn {
  /** Unique in the table. */
  readonly title: string
  readonly sort?: SortKey
  readonly number?: true
  readonly hint?: string
  readonly cell: (entry: BoardEntry) => ReactNode
}

interface ColumnContext {
  readonly unit: BoardParams['unit']
  /** All of the track: what its columns are does not change with the page. */
  readonly entries: readonly BoardEntry[]
  /** In percent. */
  readonly target: number | undefined
}

/** The columns that a reader chose, in the order of the table. */
export function boardColumns(columns: readonly ColumnKey[], context: ColumnContext): BoardColumn[] {
  return columns.flatMap((key) => columnsOf[key](context))
}

/** What a network's name ends with that has one exit; under the name there is room for it. */
const oneExit = / \((one exit, after .+)\)$/

const factorOf = (unit: BoardParams['unit']) => (unit === 'flops' ? 2 : 1)

const columnsOf: Readonly<Record<ColumnKey, (context: ColumnContext) => readonly BoardColumn[]>> = {
  top1: () => [
    {
      ...{ title: 'Top-1 (%)', sort: 'top1', number: true },
      hint: 'Last exit, mean over seeds, with a 95\u202f% interval over seeds and test images',
      cell: ({ exits, intervals }) => (
        <>
          <span className="font-semibold">{percent(exits.at(-1)?.top1.mean ?? 0)}</span>
          <span className="block text-[0.85em] text-soft">
            <IntervalOf interval={intervals.exits.at(-1)} />
          </span>
        </>
      ),
    },
  ],
  n: () => [{ title: 'n', number: true, hint: 'Seeds', cell: ({ seeds }) => seeds.length }],
  method: () => [
    {
      ...{ title: 'Method', sort: 'method' },
      cell: ({ method }) => (
        <a className="link" href={`/methods/${method}`}>
          {method}
        </a>
      ),
    },
  ],
  network: () => [
    {
      ...{ title: 'Network', sort: 'network' },
      hint: 'Backbone with its depth and, where it is not the paper’s, its width; then exits and heads',
      cell: ({ network, exits, head }) => (
        <>
          {network.replace(oneExit, '')}
          <span className="block text-[0.85em] text-soft">
            {`${oneExit.exec(network)?.[1] ?? plural(exits.length, 'exit')}, ${head} ${exits.length === 1 ? 'head' : 'heads'}`}
          </span>
        </>
      ),
    },
  ],
  leader: ({ entries }) =>
    entries.some(({ ranking }) => ranking.againstLeader !== null)
      ? [
          {
            title: 'To the leader',
            hint: 'Points of the last exit against the leader, with a 95\u202f% interval over seeds and images, and whether the difference is significant',
            cell: ({ ranking }) => <AgainstOther comparison={ranking.againstLeader} />,
          },
        ]
      : [],
  baseline: ({ entries }) =>
    entries.some(({ ranking }) => ranking.againstBaseline !== null)
      ? [
          {
            title: 'To joint training',
            hint: 'The same against the baseline: the joint-training entry with the most seeds',
            cell: ({ ranking }) => <AgainstOther comparison={ranking.againstBaseline} />,
          },
        ]
      : [],
  budgets: ({ unit, entries }) =>
    budgetColumns(entries).map(({ budgetMacs, sort }) => {
      const budget = `${shortSi(factorOf(unit) * budgetMacs)} ${unitName(unit)}`
      return {
        ...{
          title: `≤\u00a0${shortSi(factorOf(unit) * budgetMacs)} ${unitName(unit)} (%)`,
          sort,
          number: true,
        },
        hint: `Top-1 of the deepest exit that costs at most ${budget}`,
        cell: ({ exits }) => {
          const exit = exitWithin(exits, budgetMacs)
          return exit ? percent(exit.top1.mean) : '–'
        },
      }
    }),
  target: ({ unit, target }) =>
    target === undefined
      ? []
      : [
          {
            ...{ title: `${unitName(unit)} for ${target}\u202f%`, sort: 'target', number: true },
            hint: `Sequential cost of the cheapest exit with a mean top-1 of at least ${target}\u202f%`,
            cell: ({ exits }) => {
              const exit = cheapestReaching(exits, target / 100)
              return exit ? si(factorOf(unit) * exit.sequentialMacs) : '–'
            },
          },
        ],
  macs: ({ unit }) => [
    {
      ...{
        title: `Sequential ${unitName(unit)}`,
        sort: 'macs',
        number: true,
        hint: 'Backbone and all heads',
      },
      cell: ({ exits }) => si(factorOf(unit) * (exits.at(-1)?.sequentialMacs ?? 0)),
    },
  ],
  isolated: ({ unit }) => [
    {
      ...{ title: `Isolated ${unitName(unit)}`, sort: 'isolated', number: true },
      hint: 'Backbone and the last head',
      cell: ({ exits }) => si(factorOf(unit) * (exits.at(-1)?.isolatedMacs ?? 0)),
    },
  ],
  params: () => [{ title: 'Params', sort: 'params', number: true, cell: ({ parameters }) => si(parameters) }],
  ensemble: () => [
    {
      ...{ title: 'Ensemble (%)', sort: 'ensemble', number: true, hint: 'Mean probability of all exits' },
      cell: ({ ensemble }) => percent(ensemble.top1.mean),
    },
  ],
  tier: () => [
    {
      ...{ title: 'Tier', hint: 'How far its numbers have been checked' },
      cell: ({ tier }) => (
        <a className="inline-block min-h-[24px] text-soft hover:underline" href="/docs#tiers">
          {tier}
        </a>
      ),
    },
  ],
  updated: () => [
    {
      ...{ title: 'Last change', sort: 'updated' },
      cell: ({ updatedAt }) => updatedAt.slice(0, 10),
    },
  ],
}
