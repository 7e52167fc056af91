import { themes } from '../view/theme.ts'

/** The browser remembers the choice (`page-script/theme-switch.ts`). Without scripts pages follow the device, and the switch is not to be seen. */
export function ThemeSwitch() {
  return (
    <fieldset className="segmented scripted-only text-[0.8rem]" aria-label="Colour scheme">
      {themes.map((name) => (
        <button
          key={name}
          type="button"
          data-theme-choice={name}
          aria-pressed="false"
          suppressHydrationWarning
          className="min-h-0! px-2! py-0.5! aria-pressed:bg-mark aria-pressed:font-semibold aria-pressed:text-ink"
        >
          {name}
        </button>
      ))}
    </fieldset>
  )
}
