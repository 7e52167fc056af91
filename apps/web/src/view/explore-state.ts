import { type ExitRule, exitRules, type RuleSetting } from '@mate-bench/stats'
import { decimal } from './numbers.ts'

/** What the reader set: a goal, from which a setting is fitted on validation, or the settings themselves. */
export type ExploreState =
  | { readonly mode: 'goal'; readonly rule: ExitRule; readonly goal: Goal }
  | {
      readonly mode: 'hand'
      readonly rule: ExitRule
      /** Confidences or entropies of the exits but the last; of patience one for all. */
      readonly settings: readonly RuleSetting[]
    }

export type Goal =
  /** Mean sequential MACs an image, on validation. */
  | { readonly kind: 'budget'; readonly macs: number }
  /** The cheapest setting that has this accuracy on validation, a share. */
  | { readonly kind: 'accuracy'; readonly atLeast: number }
  /** The cheapest setting that is guaranteed to lose less than this share against the last exit. */
  | { readonly kind: 'loss'; readonly below: number }

export type GoalKind = Goal['kind']

/** What a run allows to be set. */
export interface ExploreBounds {
  /** [K] */
  readonly sequentialMacs: readonly number[]
  /** Top-1 of the last exit on validation; undefined without a validation split, where nothing can be fitted. */
  readonly validationTop1: number | undefined
}

type Query = Readonly<Record<string, string | string[] | undefined>>

/** The state of an address; half-way between the first and the last exit's cost where it says nothing that makes sense. */
export function parseExploreState(query: Query, bounds: ExploreBounds): ExploreState {
  const text = (key: string) => {
    const value = query[key]
    return Array.isArray(value) ? value.join(',') : value
  }
  const rule = exitRules.find((name) => name === text('rule')) ?? 'confidence'
  const settings = (text('t')?.split(',') ?? []).map((part) => readSetting(part, rule))
  const known = settings.flatMap((setting) => (setting === undefined ? [] : [setting]))
  if (known.length === settings.length && known.length === settingCount(rule, bounds))
    return { mode: 'hand', rule, settings: known }
  if (bounds.validationTop1 === undefined)
    return { mode: 'hand', rule, settings: defaultSettings(rule, bounds) }
  const number = (key: string) => {
    const value = text(key)
    return value === undefined || value === '' ? Number.NaN : Number(value)
  }
  // A form without JavaScript sends all of its fields, and which one counts.
  const named = goalKinds.find((kind) => kind === text('goal'))
  const kind = named ?? goalKinds.find((candidate) => Number.isFinite(number(candidate))) ?? 'budget'
  return { mode: 'goal', rule, goal: goalOf(kind, number(kind), bounds) }
}

export const goalKinds = ['budget', 'accuracy', 'loss'] as const satisfies readonly GoalKind[]

/** A goal from what its field holds: MACs, or percent; its default where that is no number. */
export function goalOf(kind: GoalKind, value: number, bounds: ExploreBounds): Goal {
  const [first = 0, last = 0] = [bounds.sequentialMacs[0], bounds.sequentialMacs.at(-1)]
  const held = (low: number, high: number, otherwise: number) =>
    Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : otherwise
  if (kind === 'budget') return { kind, macs: Math.round(held(first, last, (first + last) / 2)) }
  if (kind === 'loss') return { kind, below: roundPercent(held(0.1, 50, 1)) }
  // A point below what the last exit has.
  const point = Math.floor(1000 * (bounds.validationTop1 ?? 0)) / 10 - 1
  return { kind, atLeast: roundPercent(held(0, 100, Math.max(0, point))) }
}

/** Percent to a share, of at most two decimals. */
function roundPercent(value: number): number {
  return Math.round(100 * value) / 10_000
}

/** What a goal's field holds. */
export function goalValue(goal: Goal): number {
  if (goal.kind === 'budget') return goal.macs
  return Math.round(10_000 * (goal.kind === 'accuracy' ? goal.atLeast : goal.below)) / 100
}

/** How many settings there are by hand. */
function settingCount(rule: ExitRule, { sequentialMacs }: ExploreBounds): number {
  return rule === 'patience' ? 1 : sequentialMacs.length - 1
}

function defaultSettings(rule: ExitRule, bounds: ExploreBounds): RuleSetting[] {
  const setting = { confidence: Math.fround(0.9), entropy: 0.5, patience: 1 }[rule]
  return Array<RuleSetting>(settingCount(rule, bounds)).fill(setting)
}

/** Undefined where it is none. */
function readSetting(text: string, rule: ExitRule): RuleSetting | undefined {
  if (text === 'never') return null
  const value = Number(text)
  if (text === '' || !(value >= 0)) return undefined
  if (rule === 'patience') return Number.isInteger(value) && value >= 1 && value <= 64 ? value : undefined
  return value <= (rule === 'confidence' ? 1 : 100) ? Math.fround(value) : undefined
}

/** The query string of a state. */
export function exploreQuery(state: ExploreState): string {
  const rule = state.rule === 'confidence' ? '' : `rule=${state.rule}&`
  if (state.mode === 'hand') return `?${rule}t=${state.settings.map(writtenSetting).join(',')}`
  return `?${rule}${state.goal.kind}=${goalValue(state.goal)}`
}

/** The fewest digits that are read back as the same float32: scores are compared as they are stored. */
function writtenSetting(setting: RuleSetting): string {
  if (setting === null) return 'never'
  for (let digits = 1; digits < 9; digits++) {
    const text = `${Number(setting.toPrecision(digits))}`
    if (Math.fround(Number(text)) === setting) return text
  }
  return `${Number(setting.toPrecision(9))}`
}

/** As a reader sees it: five decimals, and more of them near 1. */
export function settingText(setting: RuleSetting, rule: ExitRule): string {
  if (setting === null) return 'never'
  if (rule === 'patience') return `${setting} in a row`
  if (rule === 'entropy') return `${decimal(setting, 5)} nats`
  const text = decimal(setting, 5)
  return setting < 1 && Number(text) === 1 ? decimal(setting, 8) : text
}
