import { expect, it } from 'vitest'
import { entriesInOrder, teacherProblems } from './entries-in-order.ts'
import { defaultResultsFolder, listPacked, readPacked } from './results-folder.ts'

const runs = listPacked(defaultResultsFolder())
  .filter(({ name }) => /^study-(kd|resnet14-alone)-.*-seed1$/.test(name))
  .map((file) => readPacked(file))
const isTeacher = ({ manifest }: (typeof runs)[number]) =>
  manifest.teachers === undefined || manifest.teachers.length === 0

it('puts the run that taught another first', () => {
  expect(runs).toHaveLength(2)
  const names = entriesInOrder([...runs].reverse()).map(([first]) => first?.manifest.spec.name)
  expect(names).toEqual(['study-resnet14-alone', 'study-kd'])
  expect(teacherProblems(runs)).toEqual([])
})

it('tells of a teacher that is not there, or is another run than the one that taught', () => {
  const taught = runs.filter((run) => !isTeacher(run))
  const [problem] = teacherProblems(taught)
  expect(problem).toMatch(
    /^study-kd, seed 1, was taught by run_[0-9a-f]+, which is not among the packed runs\.$/,
  )
  expect(() => entriesInOrder(taught)).toThrow(problem)
  const others = runs.map((run) =>
    isTeacher(run) ? { ...run, manifest: { ...run.manifest, artifacts: [] } } : run,
  )
  expect(teacherProblems(others)).toEqual([expect.stringContaining('here with other weights')])
})
