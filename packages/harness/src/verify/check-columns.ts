/**
 * What the columns of a predictions file say of one image must be possible together. Five numbers describe a softmax
 * over C classes: the predicted class, its probability c, the label's probability p = exp(log p), how many classes r
 * stand before the label, and the entropy H. Whatever the network:
 *
 *   r = 0 exactly where the predicted class is the label; then p = c, else p <= c
 *   the classes before the label have at least p each, all have at most c:   c + r p <= 1 <= r c + (C - r) p
 *   -ln c <= H <= entropy of (c, p, and the rest spread evenly)
 *
 * The ensemble is the mean of the K exits' probabilities, so it follows from them within bounds:
 *
 *   its p is the mean of theirs;  its c is at least the mean probability of any class that is known of them, and at
 *   most what the exits can give its class;  H is at least the mean of theirs (concavity), at most ln K more
 */
import type { ExitPredictions, PredictionTable } from '@mate-bench/stats'

/** Columns are float32 of values computed in float64: this is far above what rounding moves a probability by. */
const probabilityTolerance = 1e-5
/** In nats. */
const entropyTolerance = 1e-4
/** Relative, of a logarithm. */
const logTolerance = 2e-6

const problemsAtMost = 20

/**
 * Every row that cannot be, as sentences that name classifier and image; at most twenty.
 *
 * @param image names the image of a row
 */
export function columnProblems(table: PredictionTable, image: (row: number) => string): string[] {
  const problems: string[] = []
  const { labels, classes, exits, ensemble } = table
  const classifiers = [
    ...exits.map((predictions, i) => ({ name: `exit ${i + 1}`, predictions })),
    { name: 'the ensemble', predictions: ensemble },
  ]
  for (let row = 0; row < labels.length && problems.length < problemsAtMost; row++) {
    const label = labels[row] as number
    if (!(label >= 0 && label < classes)) {
      problems.push(`${image(row)} has the label ${label}, which is none of ${classes} classes`)
      continue
    }
    const before = problems.length
    for (const { name, predictions } of classifiers) {
      const problem = rowProblem(rowOf(predictions, row), label, classes)
      if (problem !== undefined) problems.push(`${image(row)}, ${name}: ${problem}`)
    }
    if (problems.length > before) continue
    const problem = ensembleProblem(table, row)
    if (problem !== undefined) problems.push(`${image(row)}, the ensemble: ${problem}`)
  }
  return problems
}

interface Row {
  readonly predicted: number
  readonly confidence: number
  readonly logProbability: number
  readonly rank: number
  readonly entropy: number
}

function rowOf(predictions: ExitPredictions, row: number): Row {
  return {
    predicted: predictions.predicted[row] as number,
    confidence: predictions.confidence[row] as number,
    logProbability: predictions.labelLogProbability[row] as number,
    rank: predictions.labelRank[row] as number,
    entropy: predictions.entropy[row] as number,
  }
}

function rowProblem(row: Row, label: number, classes: number): string | undefined {
  const { predicted, confidence, logProbability, rank, entropy } = row
  for (const [name, value] of Object.entries({ confidence, logProbability, entropy })) {
    if (!Number.isFinite(value)) return `${columnTitles[name]} is ${value}, not a finite number`
  }
  if (!(predicted >= 0 && predicted < classes)) return `class ${predicted} is none of ${classes} classes`
  if (!(rank >= 0 && rank < classes)) return `the label's rank ${rank} is none of ${classes} places`
  if ((rank === 0) !== (predicted === label)) {
    return predicted === label
      ? `class ${predicted} is the label, whose rank is ${rank}`
      : `class ${predicted} is not the label ${label}, whose rank is 0`
  }
  if (!(confidence <= 1 && confidence >= 1 / classes - probabilityTolerance)) {
    return `the confidence ${confidence} is not in [1/${classes}, 1]`
  }
  if (logProbability > 0) return `the label's log-probability ${logProbability} is above 0`
  const probability = Math.exp(logProbability)
  if (rank === 0 && Math.abs(probability - confidence) > probabilityTolerance) {
    return `the label is the class of confidence ${confidence}, and its probability is ${probability}`
  }
  if (probability > confidence + probabilityTolerance) {
    return `the label's probability ${probability} is above the largest, ${confidence}`
  }
  if (confidence + rank * probability > 1 + probabilityTolerance && rank > 0) {
    return `${rank} classes before a label of probability ${probability} add up to more than 1`
  }
  if (rank * confidence + (classes - rank) * probability < 1 - probabilityTolerance && rank > 0) {
    return `a label of probability ${probability} at rank ${rank} leaves the probabilities below 1 in sum`
  }
  const highest = largestEntropy(confidence, rank === 0 ? undefined : probability, classes)
  if (entropy < -Math.log(confidence) - entropyTolerance || entropy > highest + entropyTolerance) {
    return `the entropy ${entropy} does not go with the confidence ${confidence}`
  }
  return undefined
}

const columnTitles: Readonly<Record<string, string>> = {
  confidence: 'the confidence',
  logProbability: "the label's log-probability",
  entropy: 'the entropy',
}

/** Nats, where one class has `first`, another `second` (where it is known), and the others share the rest evenly. */
function largestEntropy(first: number, second: number | undefined, classes: number): number {
  const known = second === undefined ? [first] : [first, second]
  const others = classes - known.length
  const rest = Math.max(0, 1 - known.reduce((sum, value) => sum + value, 0))
  const parts = [...known, ...(others > 0 ? [rest / others] : [])]
  const counts = [...known.map(() => 1), others]
  return parts.reduce((sum, p, i) => (p > 0 ? sum - (counts[i] ?? 0) * p * Math.log(p) : sum), 0)
}

function ensembleProblem({ labels, exits, ensemble }: PredictionTable, row: number): string | undefined {
  const label = labels[row] as number
  const own = rowOf(ensemble, row)
  const members = exits.map((predictions) => rowOf(predictions, row))
  const logMean = logMeanExp(members.map(({ logProbability }) => logProbability))
  if (Math.abs(own.logProbability - logMean) > logTolerance * (1 + Math.abs(logMean))) {
    return `the label's log-probability is ${own.logProbability}, the exits' mean gives ${logMean}`
  }
  const atLeast = Math.max(...members.map(({ predicted }) => meanOf(members, label, predicted, 'least')))
  const atMost = meanOf(members, label, own.predicted, 'most')
  if (own.confidence < atLeast - probabilityTolerance || own.confidence > atMost + probabilityTolerance) {
    return `the confidence ${own.confidence} is not in [${atLeast}, ${atMost}], where the exits' mean lies`
  }
  const entropy = members.reduce((sum, member) => sum + member.entropy, 0) / members.length
  const spread = Math.log(members.length)
  if (own.entropy < entropy - entropyTolerance || own.entropy > entropy + spread + entropyTolerance) {
    return `the entropy ${own.entropy} is not in [${entropy}, ${entropy + spread}], where the exits' mean lies`
  }
  return undefined
}

/** What the exits give a class in the mean, at least or at most, as far as their columns tell. */
function meanOf(members: readonly Row[], label: number, wanted: number, bound: 'least' | 'most'): number {
  const sum = members.reduce((total, { predicted, confidence, logProbability }) => {
    if (predicted === wanted) return total + confidence
    const probability = Math.exp(logProbability)
    if (label === wanted) return total + probability
    if (bound === 'least') return total
    const taken = confidence + (predicted === label ? 0 : probability)
    return total + Math.max(0, Math.min(confidence, 1 - taken))
  }, 0)
  return sum / members.length
}

function logMeanExp(values: readonly number[]): number {
  const top = Math.max(...values)
  return top + Math.log(values.reduce((sum, value) => sum + Math.exp(value - top), 0) / values.length)
}
