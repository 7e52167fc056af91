import type { ExitRule, RuleSetting } from '@mate-bench/stats'
import { settingText } from '../../view/explore-state.ts'

interface HandSettingsProps {
  readonly rule: ExitRule
  readonly exits: number
  readonly classes: number
  /** One an exit but the last. */
  readonly settings: readonly RuleSetting[]
  readonly onChange: (settings: readonly RuleSetting[]) => void
}

/** A slider an exit; one for patience, which has one setting. */
export function HandSettings({ rule, exits, classes, settings, onChange }: HandSettingsProps) {
  const { min, max, step, placeOf, settingAt } = scaleOf(rule, exits, classes)
  const sliders =
    rule === 'patience'
      ? [{ name: 'Exits in a row', setting: settings[0] ?? null }]
      : settings.map((setting, k) => ({ name: `Exit ${k + 1}`, setting }))
  return (
    <fieldset>
      <legend className="font-semibold">By hand</legend>
      <p className="mt-0.5 text-[0.88rem] text-soft">
        Chosen with the test result in view: use these settings to explore, not to report.
      </p>
      {sliders.map(({ name, setting }, k) => (
        <label key={name} className="mt-2 block">
          <span className="flex justify-between text-[0.9rem]">
            {name}
            <span className="tabular-nums">{settingText(setting, rule)}</span>
          </span>
          <input
            type="range"
            aria-label={name}
            aria-valuetext={settingText(setting, rule)}
            min={min}
            max={max}
            step={step}
            value={placeOf(setting)}
            onChange={(event) => {
              const changed = settingAt(Number(event.target.value))
              onChange(rule === 'patience' ? [changed] : settings.with(k, changed))
            }}
            className="w-full accent-(--accent)"
          />
        </label>
      ))}
    </fieldset>
  )
}

/** Where settings are on a slider: careful ones on the right, and "never" at that end. */
function scaleOf(rule: ExitRule, exits: number, classes: number) {
  if (rule === 'patience') {
    const never = Math.max(2, exits - 1)
    return {
      ...{ min: 1, max: never, step: 1 },
      placeOf: (setting: RuleSetting) => setting ?? never,
      settingAt: (place: number): RuleSetting => (place >= never ? null : place),
    }
  }
  const step = 0.0005
  // Of entropies the careful end is 0, which nobody is below; beyond ln C everybody leaves.
  const most = rule === 'entropy' ? Math.ceil((Math.log(classes) + step) / step) * step : 1 + step
  const isNever = (place: number) => (rule === 'entropy' ? place >= most - step / 2 : place > 1)
  return {
    ...{ min: 0, max: most, step },
    placeOf: (setting: RuleSetting) =>
      setting === null ? most : rule === 'entropy' ? most - setting : setting,
    settingAt: (place: number): RuleSetting =>
      isNever(place) ? null : Math.fround(rule === 'entropy' ? most - place : place),
  }
}
