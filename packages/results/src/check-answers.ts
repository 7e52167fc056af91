import { BenchError, type Manifest, type Problem } from '@mate-bench/schema'
import { type Answers, correctnessOf } from './answers-file.ts'

/**
 * Computes what follows from the answers alone, and holds the manifest to it: top-1 of every exit and the ensemble, agreement
 * between exits, overthinking. Other numbers need probabilities, which follow from the weights.
 *
 * @throws BenchError `verification-failed` with every difference
 */
export function checkAnswers(
  { manifest, answers }: { readonly manifest: Manifest; readonly answers: Answers },
  source: string,
): void {
  const problems = answerProblems(manifest, answers)
  if (problems.length === 0) return
  throw new BenchError({
    code: 'verification-failed',
    message: `The answers of ${source} do not give the numbers of its manifest.`,
    path: source,
    problems,
    hint: 'Nothing of it is used. Take the file from the repository again.',
  })
}

function answerProblems({ results, track, model }: Manifest, { exits, ensemble }: Answers): Problem[] {
  const images = track.splits.test.count
  if (exits.length !== model.exits.length || ensemble.length !== images) {
    const message = `They are of ${exits.length} exits and ${ensemble.length} images, not of ${model.exits.length} and ${images}.`
    return [{ path: 'answers', message }]
  }
  const top1 = (answers: Int16Array) => correctnessOf(answers).reduce((sum, right) => sum + right, 0) / images
  const found = {
    top1: exits.map(top1),
    ensemble: top1(ensemble),
    agreement: exits.map((a) => exits.map((b) => shareOf(images, (i) => a[i] === b[i]))),
    overthinking: overthinkingOf(exits),
  }
  const claimed = {
    top1: results.exits.map((exit) => exit.top1),
    ensemble: results.ensemble.top1,
    agreement: results.agreement,
    overthinking: results.overthinking,
  }
  const names = Object.keys(found) as (keyof typeof found)[]
  return names.flatMap((name) => {
    const [says, gives] = [JSON.stringify(claimed[name]), JSON.stringify(found[name])]
    return says === gives
      ? []
      : [{ path: `results.${name}`, message: `The manifest says ${says}, the answers give ${gives}.` }]
  })
}

/** Wasteful: right before the last exit. Destructive: right before, and wrong at the last exit. */
function overthinkingOf(exits: readonly Int16Array[]): Manifest['results']['overthinking'] {
  const right = exits.map(correctnessOf)
  const last = right.at(-1) ?? new Uint8Array()
  const earlier = (i: number) => right.slice(0, -1).some((exit) => exit[i] === 1)
  return {
    wasteful: shareOf(last.length, earlier),
    destructive: shareOf(last.length, (i) => last[i] === 0 && earlier(i)),
  }
}

function shareOf(images: number, holds: (image: number) => boolean): number {
  let found = 0
  for (let i = 0; i < images; i++) if (holds(i)) found++
  return found / images
}
