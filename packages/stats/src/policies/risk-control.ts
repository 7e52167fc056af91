/**
 * Exit settings with a guarantee: the accuracy that leaving early loses against the last exit stays below a bound, with a
 * probability of 95 % over the draw of the validation images.
 *
 * Jazbec, Timans, Hadži Veljković, Sakmann, Zhang, Naesseth, Nalisnick, "Fast yet Safe: Early-Exiting with Risk Control",
 * NeurIPS 2024 (https://arxiv.org/abs/2405.20915): the performance gap risk on labels, E[l(early) - l(last)] with
 * the 0-1 loss l, bounded by the betting martingale of Waudby-Smith and Ramdas, "Estimating means of bounded random
 * variables by betting", JRSS B 2024 (https://arxiv.org/abs/2010.09686), as in the authors' code
 * (https://github.com/metodj/RC-EENN, `ucb_wsr`). Settings are tested in a fixed order, as in Angelopoulos, Bates, Candès,
 * Jordan, Lei, "Learn then Test" (https://arxiv.org/abs/2110.01052), section 4.1.
 *
 * Each setting's null hypothesis is that its loss exceeds the bound. Settings are tested from careful to eager, and the
 * first that is not rejected ends it. A setting that is too eager is returned only if the first such setting was rejected,
 * which happens with a probability of at most 5 %, whatever the order of the risks: the loss need not grow with eagerness.
 *
 * What is decided here:
 * - losses are -1, 0 or 1 an image: an image that the last exit alone gets wrong makes up for one that it alone gets right;
 * - the settings are those of `settingLadder`, which looks at no image;
 * - the martingale needs images in random order, and datasets may be sorted by class: they are drawn in an order of their own;
 * - where no setting passes, nobody leaves early, which loses nothing.
 *
 * It holds for one rule and one bound: of several guarantees each may fail with its own 5 %. It needs images that are drawn as
 * the later ones are, and that neither trained nor chose the network.
 */

import { BenchError } from '@mate-bench/schema'
import type { PredictionTable } from '../predictions.ts'
import { createRandom } from '../random.ts'
import {
  type ExitRule,
  eachStay,
  exitRules,
  type RuleSetting,
  ruleExits,
  settingLadder,
} from './exit-rules.ts'
import { checkPolicyInput, outcomeOf, type PolicyOutcome } from './outcome.ts'

/** Probability with which a guarantee may fail. */
export const riskErrorProbability = 0.05

/** The losses of accuracy that the protocol bounds: half a point to five points. */
export const riskLossBounds: readonly number[] = [0.005, 0.01, 0.02, 0.05]

/**
 * Whether losses show that their expectation is below a bound. A gambler stakes money on each loss being below it; where the
 * expectation is not, the money grows to 1 / errorProbability with at most that probability, ever.
 *
 * @param losses independent and in random order, at most 1 each; they may be negative
 * @param bound in (0, 1)
 * @param errorProbability of saying so although it is not
 */
export function showsLossBelow(
  losses: ArrayLike<number>,
  bound: number,
  errorProbability = riskErrorProbability,
): boolean {
  const wanted = 1 / errorProbability
  const scale = (2 * Math.log(wanted)) / losses.length
  let money = 1
  // Mean and variance of the losses so far, each with one assumed loss, so that a stake looks only back.
  let sum = 0.5
  let squares = 0.25
  for (let i = 0; i < losses.length; i++) {
    const loss = losses[i] as number
    const variance = squares / (i + 1)
    const stake = Math.min(1, Math.sqrt(scale / variance))
    money *= 1 - stake * (loss - bound)
    if (money >= wanted) return true
    sum += loss
    squares += (loss - sum / (i + 2)) ** 2
  }
  return false
}

/** A setting with a guarantee, and what it gave on the split on which it was found. */
export interface ControlledRule {
  /** The most eager setting that is guaranteed; null where nobody may leave early. */
  readonly setting: RuleSetting
  readonly validation: PolicyOutcome
  /** Accuracy of the last exit less that of the setting, on validation: negative where leaving early gains. */
  readonly validationLoss: number
}

/**
 * The most eager setting of a rule whose loss of accuracy against the last exit is below a bound with a probability of
 * 1 - errorProbability.
 *
 * @param sequentialMacs [K]
 * @param bound in (0, 1)
 * @throws BenchError `bad-input` for another bound or probability, and for tables and costs that do not fit
 */
export function controlLoss(
  validation: PredictionTable,
  rule: ExitRule,
  sequentialMacs: readonly number[],
  bound: number,
  errorProbability = riskErrorProbability,
): ControlledRule {
  checkPolicyInput(validation, sequentialMacs)
  checkShare(bound, 'bound')
  checkShare(errorProbability, 'errorProbability')
  const settings = settingLadder(validation, rule)
  const setting = settings[passedInOrder(validation, rule, settings, bound, errorProbability) - 1] ?? null
  const outcome = outcomeOf(validation, ruleExits(validation, rule, setting), sequentialMacs)
  return { setting, validation: outcome, validationLoss: lossOf(validation, outcome) }
}

/** How many settings pass before the first that does not. */
function passedInOrder(
  table: PredictionTable,
  rule: ExitRule,
  settings: readonly number[],
  bound: number,
  errorProbability: number,
): number {
  const place = randomPlaces(table.labels.length)
  const moves: Move[][] = settings.map(() => [])
  eachStay(table, rule, settings, (image, exit, from) => {
    const loss = wrongAt(table, exit, image) - wrongAt(table, table.exits.length - 1, image)
    moves[from]?.push({ place: place[image] as number, loss })
  })
  // In random order. At each setting only the images that move have another loss than at the one before.
  const losses = new Int8Array(table.labels.length)
  for (const [passed, moving] of moves.entries()) {
    for (const move of moving) losses[move.place] = move.loss
    if (passed > 0 && moving.length === 0) continue
    if (!showsLossBelow(losses, bound, errorProbability)) return passed
  }
  return settings.length
}

interface Move {
  readonly place: number
  readonly loss: number
}

/** [N] where each image stands in an order that is the same for every table of as many. */
function randomPlaces(count: number): Uint32Array {
  const places = Uint32Array.from({ length: count }, (_, i) => i)
  return createRandom(0, 'risk-control-order', count).shuffle(places)
}

function wrongAt({ exits }: PredictionTable, exit: number, image: number): number {
  return exits[exit]?.labelRank[image] === 0 ? 0 : 1
}

/** Accuracy of the last exit less an outcome's, rounded once. */
function lossOf({ exits, labels }: PredictionTable, { accuracy }: PolicyOutcome): number {
  const right = exits.at(-1)?.labelRank.reduce((sum, rank) => sum + (rank === 0 ? 1 : 0), 0) ?? 0
  return (right - Math.round(accuracy * labels.length)) / labels.length
}

function checkShare(value: number, path: string): void {
  if (!(value > 0 && value < 1))
    throw new BenchError({ code: 'bad-input', message: `${value} is not between 0 and 1.`, path })
}

/** A guaranteed setting, found on validation and measured on test. */
export interface RiskControlledPoint {
  readonly rule: ExitRule
  /** The loss of accuracy that is guaranteed against. */
  readonly lossBound: number
  /** Null where nobody may leave early. */
  readonly setting: RuleSetting
  readonly validationLoss: number
  readonly validationAverageMacs: number
  /** Accuracy of the last exit less this one, on test. */
  readonly loss: number
  readonly accuracy: number
  readonly averageMacs: number
  /** [K] on test. */
  readonly exitShares: readonly number[]
}

/**
 * The protocol `risk-controlled`: every rule at every bound.
 *
 * @param sequentialMacs [K]
 */
export function riskControlledPoints(
  validation: PredictionTable,
  test: PredictionTable,
  sequentialMacs: readonly number[],
  bounds: readonly number[] = riskLossBounds,
): RiskControlledPoint[] {
  checkPolicyInput(test, sequentialMacs)
  return exitRules.flatMap((rule) =>
    bounds.map((lossBound) => {
      const controlled = controlLoss(validation, rule, sequentialMacs, lossBound)
      const outcome = outcomeOf(test, ruleExits(test, rule, controlled.setting), sequentialMacs)
      return {
        ...{ rule, lossBound, setting: controlled.setting, validationLoss: controlled.validationLoss },
        validationAverageMacs: controlled.validation.averageMacs,
        loss: lossOf(test, outcome),
        ...outcome,
      }
    }),
  )
}
