import { type Theme, themes } from '../view/theme.ts'

/** A form and a cookie: works without JavaScript, and the first paint has the right colours. */
export function ThemeSwitch({ theme }: { theme: Theme }) {
  return (
    <form method="post" action="/theme" className="segmented text-[0.8rem]" aria-label="Colour scheme">
      {themes.map((name) => (
        <button
          key={name}
          type="submit"
          name="theme"
          value={name}
          aria-pressed={name === theme}
          className="min-h-0! px-2! py-0.5! aria-pressed:bg-mark aria-pressed:font-semibold aria-pressed:text-ink"
        >
          {name}
        </button>
      ))}
    </form>
  )
}
