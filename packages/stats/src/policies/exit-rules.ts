/**
 * Exit rules with one setting for all exits: an image leaves at the first exit that lets it go, and at the last exit
 * otherwise. The setting is a confidence, an entropy in nats, or a patience; null lets nobody leave early.
 *
 * Every rule has an order of its settings, from careful (late exits, dear) to eager (early exits, cheap): whom a setting
 * lets go, the next one lets go too. All fitting walks along that order. Scores are compared as they are stored.
 */

import type { PredictionTable } from '../predictions.ts'
import { confidenceExits } from './confidence.ts'
import { entropyExits } from './entropy.ts'
import { agreeingExits, patienceExits } from './patience.ts'

export const exitRules = ['confidence', 'entropy', 'patience'] as const

export type ExitRule = (typeof exitRules)[number]

/** A confidence in [0, 1], an entropy in nats, or a number of exits, as the rule has it; null for nobody leaves early. */
export type RuleSetting = number | null

/** The exit at which each image leaves, 0-based. */
export function ruleExits(table: PredictionTable, rule: ExitRule, setting: RuleSetting): Uint8Array {
  const perExit = table.exits.slice(0, -1).map(() => setting)
  if (rule === 'confidence') return confidenceExits(table, perExit)
  if (rule === 'entropy') return entropyExits(table, perExit)
  return patienceExits(table, setting ?? table.exits.length)
}

/** Octaves of the ladder below 1, and its steps in each: neighbours differ by 3 %. */
const octaves = 20
const stepsPerOctave = 32

/**
 * Settings that look at no image, from careful to eager, as a test in a fixed order needs them.
 *
 * Confidence: 1 - u, entropy: u, with u from 2^-20 on in 32 even steps an octave, so that settings are dense where
 * well-trained networks are all but sure. Each is a sum of few powers of two, the same number on every machine.
 * The last setting lets everybody leave at the first exit. Patience: K - 2 down to 1 exits.
 *
 * @param table gives the numbers of exits and classes, and nothing else
 */
export function settingLadder(table: Pick<PredictionTable, 'classes' | 'exits'>, rule: ExitRule): number[] {
  if (rule === 'patience' || table.exits.length < 2) return patienceSettings(table.exits.length)
  // Entropy is at most ln C; the first u above it, with room for rounding to float32, is met by everybody.
  const highest = rule === 'confidence' ? 1 : Math.log(table.classes) * (1 + 2 ** -20)
  const ladder: number[] = []
  for (let octave = -octaves; ; octave++) {
    for (let step = 0; step < stepsPerOctave; step++) {
      const u = (stepsPerOctave + step) * 2 ** octave * (1 / stepsPerOctave)
      ladder.push(rule === 'confidence' ? 1 - u : u)
      if (u >= highest && u > 0) return ladder
    }
  }
}

/**
 * Every setting that makes a difference on a split, from careful to eager. For budgets and targets, which are read off
 * the split anyway.
 */
export function settingsOf(table: PredictionTable, rule: ExitRule): number[] {
  if (rule === 'patience') return patienceSettings(table.exits.length)
  const early = table.exits.slice(0, -1)
  const scores = new Float32Array(early.length * table.labels.length)
  early.forEach((exit, k) => {
    scores.set(exit[rule], k * table.labels.length)
  })
  scores.sort()
  const distinct = scores.filter((score, i) => i === 0 || score !== scores[i - 1])
  if (rule === 'confidence') return Array.from(distinct.reverse())
  return Array.from(distinct, nextAbove) // an image leaves strictly below the threshold
}

function patienceSettings(exits: number): number[] {
  return Array.from({ length: Math.max(0, exits - 2) }, (_, i) => exits - 2 - i)
}

const view = new DataView(new ArrayBuffer(4))

/** The next float32: bits of a float32 of at least 0, read as a whole number, grow with it. */
function nextAbove(value: number): number {
  view.setFloat32(0, Math.max(0, value)) // -0 has other bits than 0
  view.setUint32(0, view.getUint32(0) + 1)
  return view.getFloat32(0)
}

/** An image leaves at an exit, counted from 0, for the settings `from` to `until` - 1 of a list. */
export type VisitStay = (image: number, exit: number, from: number, until: number) => void

/**
 * Where each image leaves along a list of settings. Each has a stay for each exit at which it ever leaves, at most K.
 *
 * @param settings from careful to eager
 */
export function eachStay(
  table: PredictionTable,
  rule: ExitRule,
  settings: readonly number[],
  visit: VisitStay,
): void {
  const first = firstLettingGo(table, rule, settings)
  for (let image = 0; image < table.labels.length; image++) {
    let until = settings.length // from this setting on an earlier exit has the image
    for (let exit = 0; exit < first.length; exit++) {
      const from = first[exit]?.[image] as number
      if (from >= until) continue
      visit(image, exit, from, until)
      until = from
    }
    if (until > 0) visit(image, first.length, 0, until)
  }
}

/** @returns [K - 1][N] index of the setting from which on an exit lets an image go; their number where none does */
function firstLettingGo(table: PredictionTable, rule: ExitRule, settings: readonly number[]): Uint32Array[] {
  const scores =
    rule === 'patience' ? agreeingExits(table) : table.exits.slice(0, -1).map((exit) => exit[rule])
  const letsGo =
    rule === 'entropy'
      ? (score: number, setting: number) => score < setting
      : (score: number, setting: number) => score >= setting
  return scores.map((values) => {
    const first = new Uint32Array(values.length)
    values.forEach((score, i) => {
      let [low, high] = [0, settings.length]
      while (low < high) {
        const middle = (low + high) >>> 1
        if (letsGo(score, settings[middle] as number)) high = middle
        else low = middle + 1
      }
      first[i] = low
    })
    return first
  })
}
