import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ExploreState, exploreQuery, parseExploreState, settingText } from './explore-state.ts'

const bounds = { sequentialMacs: [100, 200, 300], validationTop1: 0.8375 }

describe('the address of a setting', () => {
  const reread = (state: ExploreState) =>
    parseExploreState(Object.fromEntries(new URLSearchParams(exploreQuery(state))), bounds)

  it('is read back', () => {
    const states: readonly ExploreState[] = [
      { mode: 'goal', rule: 'confidence', goal: { kind: 'budget', macs: 150 } },
      { mode: 'goal', rule: 'entropy', goal: { kind: 'accuracy', atLeast: 0.835 } },
      { mode: 'goal', rule: 'patience', goal: { kind: 'loss', below: 0.005 } },
      { mode: 'hand', rule: 'confidence', settings: [0.125, null] },
      { mode: 'hand', rule: 'entropy', settings: [0.25, 1.5] },
      { mode: 'hand', rule: 'patience', settings: [1] },
      { mode: 'hand', rule: 'patience', settings: [null] },
    ]
    expect(states.map(reread)).toEqual(states)
    expect(states.map(exploreQuery)).toEqual([
      '?budget=150',
      '?rule=entropy&accuracy=83.5',
      '?rule=patience&loss=0.5',
      '?t=0.125,never',
      '?rule=entropy&t=0.25,1.5',
      '?rule=patience&t=1',
      '?rule=patience&t=never',
    ])
  })

  it('gives back every confidence and entropy to the bit, since scores are compared as they are stored', () => {
    const float = fc.float({ min: 0, max: 1, noNaN: true }).map((value) => Math.abs(value))
    fc.assert(
      fc.property(float, fc.constantFrom('confidence' as const, 'entropy' as const), (value, rule) => {
        expect(reread({ mode: 'hand', rule, settings: [value, null] })).toEqual({
          ...{ mode: 'hand', rule, settings: [value, null] },
        })
      }),
    )
  })

  it('of a form without JavaScript, which sends every field, is of the goal that it names', () => {
    const form = { rule: 'entropy', goal: 'accuracy', budget: '150', accuracy: '81', loss: '1' }
    expect(parseExploreState(form, bounds)).toEqual({
      ...{ mode: 'goal', rule: 'entropy', goal: { kind: 'accuracy', atLeast: 0.81 } },
    })
  })

  it('is held within what there is, and ignored where it makes no sense', () => {
    const goal = (query: Record<string, string>) => {
      const state = parseExploreState(query, bounds)
      return state.mode === 'goal' ? state.goal : undefined
    }
    const middle = { kind: 'budget', macs: 200 }
    for (const t of ['0.5', '0.5,0.5,0.5', '7,0.5', '', 'x,0.5', '-1,0.5', 'NaN,0.5'])
      expect(goal({ t })).toEqual(middle)
    expect(goal({ budget: 'x' })).toEqual(middle)
    expect(goal({ budget: '9e9' })).toEqual({ kind: 'budget', macs: 300 })
    expect(goal({ loss: '0' })).toEqual({ kind: 'loss', below: 0.001 })
    expect(goal({ accuracy: '400' })).toEqual({ kind: 'accuracy', atLeast: 1 })
    // A point below the last exit's 83.7 % on validation.
    expect(goal({ goal: 'accuracy' })).toEqual({ kind: 'accuracy', atLeast: 0.827 })
    expect(goal({ rule: 'patience', t: '1.5' })).toEqual(middle)
    expect(parseExploreState({ rule: 'luck' }, bounds).rule).toBe('confidence')
    const none = parseExploreState({ rule: 'patience' }, { ...bounds, validationTop1: undefined })
    expect(none).toEqual({ mode: 'hand', rule: 'patience', settings: [1] })
  })
})

describe('settingText', () => {
  it('never shows 1 for what is below', () => {
    expect(settingText(Math.fround(0.9999998), 'confidence')).toBe('0.99999982')
    expect(settingText(1, 'confidence')).toBe('1.00000')
    expect(settingText(0.5, 'confidence')).toBe('0.50000')
    expect(settingText(null, 'entropy')).toBe('never')
    expect(settingText(0.25, 'entropy')).toBe('0.25000 nats')
    expect(settingText(2, 'patience')).toBe('2 in a row')
  })
})
