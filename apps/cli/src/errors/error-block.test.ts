import { BenchError, benchErrorFromUnknown } from '@mate-bench/schema'
import { CommanderError } from 'commander'
import { describe, expect, it } from 'vitest'
import { formatError } from './error-block.ts'
import { exitCodeOf } from './exit-code.ts'
import { usageError } from './usage-error.ts'

const plain = (_: string, text: string) => text

describe('formatError', () => {
  it('says what, where and what to do next', () => {
    const error = new BenchError({
      code: 'storage',
      message: 'The disk is full.',
      path: 'runs/x.partial',
      hint: 'Free some space.',
    })
    expect(formatError(error, plain)).toBe(
      'error [storage] The disk is full.\n  where  runs/x.partial\n  next   Free some space.\n',
    )
  })

  it('lists every problem with its place and remedy', () => {
    const error = new BenchError({
      code: 'bad-spec',
      message: 'a.json has 2 problems.',
      path: 'a.json',
      problems: [
        { path: 'training.epochs', message: 'Expected a number of at least 1, found 0.' },
        {
          path: 'method.name',
          message: 'Expected one of "joint", found "jiont".',
          hint: 'Did you mean "joint"?',
        },
      ],
    })
    expect(formatError(error, plain)).toBe(
      [
        'error [bad-spec] a.json has 2 problems.',
        '  ✗ training.epochs: Expected a number of at least 1, found 0.',
        '  ✗ method.name: Expected one of "joint", found "jiont".',
        '    → Did you mean "joint"?',
        '',
      ].join('\n'),
    )
  })

  it('shows the stack of a defect, and asks for a report', () => {
    const text = formatError(benchErrorFromUnknown(new TypeError('x is not a function')), plain)
    expect(text).toContain('error [internal] x is not a function')
    expect(text).toContain('error-block.test.ts')
    expect(text).toContain('report it')
  })

  it('asks for no report of what has a remedy', () => {
    const error = new BenchError({ code: 'internal', message: 'No build.', hint: 'Run it again.' })
    expect(formatError(error, plain)).toBe('error [internal] No build.\n  next   Run it again.\n')
  })

  it('shows no stack of what the user can mend', () => {
    const error = new BenchError({ code: 'bad-input', message: 'No.' })
    expect(formatError(error, plain).split('\n')).toHaveLength(2)
  })
})

describe('exitCodeOf', () => {
  it.each([
    ['bad-spec', 2],
    ['bad-input', 2],
    ['not-found', 2],
    ['data-missing', 2],
    ['backend-unavailable', 2],
    ['conflict', 2],
    ['interrupted', 130],
    ['verification-failed', 1],
    ['non-finite', 1],
    ['internal', 1],
  ] as const)('%s is %d', (code, exit) => {
    expect(exitCodeOf({ code })).toBe(exit)
  })
})

describe('usageError', () => {
  it('keeps the suggestion as a hint', () => {
    const error = usageError(
      new CommanderError(
        1,
        'commander.unknownOption',
        "error: unknown option '--sed'\n(Did you mean --seeds?)",
      ),
    )
    expect(error.code).toBe('bad-input')
    expect(error.message).toBe("Unknown option '--sed'.")
    expect(error.hint).toContain('Did you mean --seeds?')
  })

  it('names the help of the command that lacks a subcommand', () => {
    const missing = new CommanderError(1, 'commander.help', '(outputHelp)')
    expect(usageError(missing, ['db']).hint).toBe('mate-bench db --help lists them.')
    expect(usageError(missing).hint).toBe('mate-bench --help lists them.')
  })
})
