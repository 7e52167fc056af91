import { availableParallelism } from 'node:os'
import { BenchError } from '@mate-bench/schema'
import { InvalidArgumentError } from 'commander'
import { describe, expect, it } from 'vitest'
import { chooseSeeds } from './choose-seeds.ts'
import { defaultWorkers, portOption, seedList, settingsOf, wholeNumber } from './command-options.ts'
import { resumeCommand } from './resume-command.ts'

describe('seedList', () => {
  it.each([
    ['1', [1]],
    ['1,2', [1, 2]],
    ['3, 1-3', [3, 1, 2]],
    ['4294967295', [4294967295]],
  ])('reads %s', (text, seeds) => {
    expect(seedList(text)).toEqual(seeds)
  })

  it.each(['', 'a', '1,,2', '-1', '1.5', '3-1', '4294967296', '0-99999'])('refuses "%s"', (text) => {
    expect(() => seedList(text)).toThrow(InvalidArgumentError)
  })
})

describe('wholeNumber', () => {
  it('reads whole numbers from its minimum on', () => {
    expect(wholeNumber(1)('7')).toBe(7)
    for (const text of ['0', '-3', '1.5', 'x', '', '1e30']) {
      expect(() => wholeNumber(1)(text)).toThrow(InvalidArgumentError)
    }
  })
})

describe('portOption', () => {
  it('takes what is a port', () => {
    const port = (text: string): unknown => portOption().parseArg?.(text, undefined)
    expect(port('65535')).toBe(65_535)
    for (const text of ['0', '65536', '70000', 'http']) {
      expect(() => port(text)).toThrow('a whole number from 1 to 65535')
    }
  })
})

describe('chooseSeeds', () => {
  const spec = { name: 'a', seeds: [1, 2, 3] }

  it('takes all by default, else those that are asked for', () => {
    expect(chooseSeeds(spec, undefined)).toEqual([1, 2, 3])
    expect(chooseSeeds(spec, [3, 1])).toEqual([3, 1])
  })

  it('refuses a seed that is not the spec’s own', () => {
    expect(() => chooseSeeds(spec, [1, 9])).toThrow(BenchError)
    expect(() => chooseSeeds(spec, [1, 9])).toThrow('does not list the seed 9')
  })
})

describe('defaultWorkers', () => {
  it('is at most the number of runs, and one on a GPU', () => {
    expect(defaultWorkers(1, 'wasm')).toBe(1)
    expect(defaultWorkers(8, 'tensorflow-gpu')).toBe(1)
    expect(defaultWorkers(1000, 'wasm')).toBe(availableParallelism())
  })

  it('leaves each run the cores for its threads', () => {
    expect(defaultWorkers(1000, 'tensorflow', 2)).toBe(Math.max(1, Math.floor(availableParallelism() / 2)))
    expect(defaultWorkers(1000, 'tensorflow', 4096)).toBe(1)
  })
})

describe('settingsOf', () => {
  it('holds what was asked for, and nothing that a backend might refuse', () => {
    expect(settingsOf({ deterministic: true })).toEqual({})
    expect(settingsOf({ deterministic: false, threads: 2, isa: 'avx2', tf32: true })).toEqual({
      threads: 2,
      isa: 'avx2',
      tf32: true,
      deterministicOps: false,
    })
  })
})

describe('resumeCommand', () => {
  it('is the same command with --resume, once', () => {
    expect(resumeCommand(['run', 'a.json', '--seeds', '1'])).toBe(
      'npx mate-bench run a.json --seeds 1 --resume',
    )
    expect(resumeCommand(['run', 'a.json', '--resume'])).toBe('npx mate-bench run a.json --resume')
    expect(resumeCommand(['quickstart'])).toBe('npx mate-bench quickstart')
    expect(resumeCommand(['reproduce', 'run_1'])).toBe('npx mate-bench reproduce run_1')
  })

  it('quotes what a shell would take apart', () => {
    expect(resumeCommand(['run', "it's a spec.json", '$HOME'])).toBe(
      "npx mate-bench run 'it'\\''s a spec.json' '$HOME' --resume",
    )
  })
})
