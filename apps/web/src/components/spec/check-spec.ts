import { planSpec } from '@mate-bench/harness/plan'
import { parseSpecText } from '@mate-bench/harness/spec'
import { benchErrorFromUnknown, lineOfPath, type Problem } from '@mate-bench/schema'
import { totalMacs } from '../../api/total-macs.ts'

/** What is wrong, and on which line of the text, where that is known. */
export interface PlacedProblem extends Problem {
  /** From 1. */
  readonly line?: number | undefined
}

/** What a spec asks for, or what is wrong with it. Plain data: the module behind it is loaded only when it is needed. */
export type CheckedSpec =
  | { readonly ok: false; readonly message: string; readonly problems: readonly PlacedProblem[] }
  | {
      readonly ok: true
      readonly name: string
      readonly specDigest: string
      readonly runs: number
      readonly parameters: number
      readonly totalMacs: number
      readonly trainingMacsPerImage: number
      readonly trainingBytes: number
      readonly exits: readonly {
        readonly k: number
        readonly after: string
        readonly isolatedMacs: number
        readonly sequentialMacs: number
      }[]
    }

/** Checks a spec's text by the schema that the harness trains with. */
export function checkSpec(text: string): CheckedSpec {
  try {
    const plan = planSpec(parseSpecText(text, 'the spec'))
    return {
      ok: true,
      name: plan.spec.name,
      specDigest: plan.specDigest,
      runs: plan.spec.seeds.length,
      parameters: plan.parameters,
      totalMacs: totalMacs(plan),
      trainingMacsPerImage: plan.trainingMacsPerImage,
      trainingBytes: plan.trainingBytes,
      exits: plan.exits.map(({ k, after, isolatedMacs, sequentialMacs }) => ({
        k,
        after,
        isolatedMacs,
        sequentialMacs,
      })),
    }
  } catch (thrown) {
    const { message, path, hint, problems } = benchErrorFromUnknown(thrown)
    const only = { path: path ?? '', message, ...(hint === undefined ? {} : { hint }) }
    const all = problems.length > 0 ? problems : [only]
    return {
      ok: false,
      message,
      problems: all.map((problem) => ({ ...problem, line: lineOf(problem, text) })),
    }
  }
}

/** For invalid JSON the message has the line; otherwise the path leads to it. */
function lineOf({ path, message }: Problem, text: string): number | undefined {
  const [, line] = / at line (\d+), column \d+/.exec(message) ?? []
  return line === undefined ? lineOfPath(text, path) : Number(line)
}
