/** What the reader chose; `system` follows the device. */
export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** Where the browser remembers the choice. Pages are the same for every reader, so no server needs to know it. */
export const themeKey = 'theme'

/** What was remembered, `system` for anything else. */
export function parseTheme(value: string | null | undefined): Theme {
  return themes.find((theme) => theme === value) ?? 'system'
}

/** Runs before the first paint, which then has the right colours. It also says that scripts run. */
export const themeScript = `(d=>{d.scripted='';try{const t=localStorage.getItem('${themeKey}');if(t==='light'||t==='dark')d.theme=t}catch{}})(document.documentElement.dataset)`
