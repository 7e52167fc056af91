export { type Circumstance, compareCircumstances } from './circumstances.ts'
export {
  type Comparison,
  compareRuns,
  type FilePair,
  type NumberPair,
  sameFile,
  sameNumber,
  sameWithin,
} from './compare-runs.ts'
export { type Judgement, judgeReproduction, type Reproduction } from './judge-reproduction.ts'
