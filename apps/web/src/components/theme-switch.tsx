'use client'

import { useEffect, useState } from 'react'
import { parseTheme, type Theme, themeKey, themes } from '../view/theme.ts'

/** Remembers the choice in the browser. Without scripts pages follow the device, and the switch is not to be seen. */
export function ThemeSwitch() {
  const [chosen, setChosen] = useState<Theme>()
  useEffect(() => setChosen(parseTheme(document.documentElement.dataset.theme)), [])
  return (
    <fieldset className="segmented scripted-only text-[0.8rem]" aria-label="Colour scheme">
      {themes.map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={name === chosen}
          onClick={() => {
            choose(name)
            setChosen(name)
          }}
          className="min-h-0! px-2! py-0.5! aria-pressed:bg-mark aria-pressed:font-semibold aria-pressed:text-ink"
        >
          {name}
        </button>
      ))}
    </fieldset>
  )
}

function choose(theme: Theme): void {
  const { dataset } = document.documentElement
  if (theme === 'system') delete dataset.theme
  else dataset.theme = theme
  try {
    localStorage.setItem(themeKey, theme)
  } catch {
    // A browser that keeps nothing shows the choice until the page is left.
  }
}
