import type { BenchError, Problem } from '@mate-bench/schema'
import type { Painter } from '../format/paint.ts'

const issuesPage = 'the issue tracker of the project'

/**
 * One readable block: what was wrong, where, each problem with its place and remedy, what to do next.
 * A defect of ours shows its stack instead, since only that helps to fix it.
 */
export function formatError(error: BenchError, paint: Painter): string {
  const lines = [`${paint('red', 'error')} ${paint('dim', `[${error.code}]`)} ${error.message}`]
  // The same place is not named twice.
  const named =
    error.problems.some(({ path }) => path === error.path) || error.message.includes(error.path ?? ' ')
  if (error.path !== undefined && !named) lines.push(`  ${paint('dim', 'where')}  ${error.path}`)
  for (const problem of error.problems) lines.push(...formatProblem(problem, paint))
  if (error.hint !== undefined) lines.push(`  ${paint('cyan', 'next')}   ${error.hint}`)
  // What has a remedy is none of ours.
  if (error.code === 'internal' && error.hint === undefined) lines.push(...formatDefect(error, paint))
  return `${lines.join('\n')}\n`
}

function formatProblem({ path, message, hint }: Problem, paint: Painter): string[] {
  const lines = [`  ${paint('red', '✗')} ${paint('bold', path)}: ${message}`]
  if (hint !== undefined) lines.push(`    ${paint('cyan', '→')} ${hint}`)
  return lines
}

function formatDefect(error: BenchError, paint: Painter): string[] {
  const origin = error.cause instanceof Error ? error.cause : error
  const stack = (origin.stack ?? '').split('\n').slice(1)
  return [
    ...stack.map((line) => paint('dim', `  ${line.trimEnd()}`)),
    `  This is a defect of MATE Bench. Please report it to ${issuesPage}, with this text and the command.`,
  ]
}
