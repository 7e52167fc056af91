import { intervalText, numbersIn } from '@mate-bench/schema/numbers'
import type { Answer, Question } from './questions.ts'
import type { StudyMethod, StudyResults } from './study-results.ts'

const { percentText } = numbersIn('plain')

/** What page and document say of the study, in the same words. Pure: it runs in a browser. */

/** `10 seeds each`, or `3 to 10 of 10 seeds` while the study is under way. */
export function seedsText({ methods, references, plannedSeeds }: StudyResults): string {
  const counts = [...methods, ...references].map(({ seeds }) => seeds.length)
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  if (least === plannedSeeds) return `${plannedSeeds} seeds each`
  return `${least === most ? least : `${least} to ${most}`} of ${plannedSeeds} seeds`
}

/** What to see in the chart of differences, then how it was made. */
export function chartCaption({ methods, plannedSeeds }: StudyResults): string {
  const complete =
    'Right of zero is more accurate than joint training. A mark is a method’s top-1 minus that of joint training, in points, with its 95 % interval over seeds and test images; intervals longer than a panel are cut off at its edge. Filled marks differ significantly at 5 %, after Holm’s correction at each exit.'
  return methods.every(({ seeds }) => seeds.length === plannedSeeds)
    ? complete
    : `${complete} A number in brackets counts the seeds trained so far. With one seed, an interval covers the test images alone and nothing is tested.`
}

/** `exit 1`, `exits 1 and 2`. */
function exitsText(answers: readonly Pick<Answer, 'k'>[]): string {
  const names = answers.flatMap(({ k }) => (k === null ? [] : [String(k)]))
  const last = names.at(-1) ?? ''
  return names.length === 1 ? `exit ${last}` : `exits ${names.slice(0, -1).join(', ')} and ${last}`
}

/** Of one pair, at all of its exits. */
export function pairVerdict(answers: readonly Answer[]): string {
  if (answers.length === 0) return 'Not trained yet.'
  if (answers.some(({ seeds }) => seeds < 2)) return 'Open: one seed cannot be tested.'
  const better = answers.filter(({ apart, difference }) => apart && difference > 0)
  const worse = answers.filter(({ apart, difference }) => apart && difference < 0)
  const open = answers.filter(({ apart }) => !apart)
  const [only] = answers
  if (answers.length === 1 && only?.k === null) {
    return only.apart ? (only.difference > 0 ? 'Yes.' : 'No, it gains less.') : 'No significant difference.'
  }
  const parts = [
    better.length > 0 ? `better at ${exitsText(better)}` : '',
    worse.length > 0 ? `worse at ${exitsText(worse)}` : '',
    open.length > 0 ? `no significant difference at ${exitsText(open)}` : '',
  ].filter((part) => part !== '')
  const text = parts.join(', ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

/** Answers of a question by the pair that they are of, in their order. */
export function pairsOf({
  answers,
}: Question): { readonly of: string; readonly answers: readonly Answer[] }[] {
  return [...new Set(answers.map(({ of }) => of))].map((of) => ({
    of,
    answers: answers.filter((answer) => answer.of === of),
  }))
}

/** `mate against joint`: what a verdict is about, where the table says `mate minus joint`. */
export function pairName(of: string): string {
  return of.replace(' minus ', ' against ')
}

/** Of each exit: the methods that share its first rank, best first. */
export function bestAt(methods: readonly StudyMethod[], k: number): StudyMethod[] {
  const mean = (method: StudyMethod) => method.exits[k - 1]?.mean ?? 0
  return methods
    .filter(({ exits }) => exits[k - 1]?.rank === 1)
    .sort((a, b) => mean(b) - mean(a) || (a.name < b.name ? -1 : 1))
}

/** The leader at an exit, and how many methods share its rank. */
export function bestText(study: StudyResults, k: number): string {
  const best = bestAt(study.methods, k)
  const [leader] = best
  const exit = leader?.exits[k - 1]
  if (!leader || !exit) return `Exit ${k}: no ranks yet, since they need two seeds.`
  const others = best.length - 1
  const shared =
    others === 0
      ? 'No other method shares its rank.'
      : `${others} more ${others === 1 ? 'method does' : 'methods do'} not differ from it significantly:`
  return `Exit ${k}: ${leader.name}, ${percentText(exit.mean)} ${intervalText(exit)}. ${shared}`
}

/** Exits of the study's network, from 1. */
export function exitNumbers({ methods }: StudyResults): number[] {
  const most = Math.max(0, ...methods.map(({ exits }) => exits.length))
  return Array.from({ length: most }, (_, i) => i + 1)
}

export const limits = [
  'One dataset of small greyscale images, a subset of its training split, and one small network. CIFAR-100 or ImageNet may give other results.',
  'Six epochs with each method’s published defaults, which were chosen for other networks and longer schedules. No method was tuned, so none is at its best.',
  'MATE is a reconstruction: the paper’s equations are not openly available.',
  'Every method gets the same number of steps, not the same compute: the table shows what each costs.',
  'Ten seeds and 10,000 test images usually detect a difference of one point, and usually miss one of a quarter of a point.',
] as const

/** In the order of the table: differences from joint training, a row a method. */
export function differenceRows(study: StudyResults) {
  return study.methods
    .filter(({ name }) => name !== 'joint')
    .map(({ name, exits, seeds }) => ({
      name: seeds.length < study.plannedSeeds ? `${name} (${seeds.length})` : name,
      highlighted: name === 'mate',
      cells: exits.map(({ againstJoint }) => againstJoint),
    }))
}

/** Title, description and axis of the chart. */
export function chartTexts(study: StudyResults) {
  return {
    id: 'study-differences',
    title: 'Every method against joint training on Fashion-MNIST',
    description: `Difference in top-1 at each exit, in points, with 95 % intervals of seeds and images; ${seedsText(study)}. Filled marks differ significantly from joint training. The figures are in the table of every method.`,
    panels: exitNumbers(study).map((k) => `exit ${k}`),
    label: 'difference in top-1 from joint training, points',
  }
}

/** What papers print for this very network. */
export function publishedText({ published, dataset }: StudyResults): string {
  return published.length === 0
    ? `No paper in bench-specs/references reports this network on ${dataset}. Where a paper and a run share dataset and network, the method’s page on the site shows them side by side.`
    : published.map((line) => `- ${line}`).join('\n')
}
