import { parseTheme, type Theme, themeKey } from '../view/theme.ts'

/** The buttons of `ThemeSwitch`: the choice is remembered in the browser. */
export function switchTheme(): void {
  const buttons = [...document.querySelectorAll<HTMLButtonElement>('[data-theme-choice]')]
  const mark = () => {
    const chosen = parseTheme(document.documentElement.dataset.theme)
    for (const button of buttons)
      button.setAttribute('aria-pressed', String(button.dataset.themeChoice === chosen))
  }
  for (const button of buttons) {
    button.addEventListener('click', () => {
      choose(parseTheme(button.dataset.themeChoice))
      mark()
    })
  }
  mark()
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
