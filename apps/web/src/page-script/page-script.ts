/**
 * All that a script does on a page of numbers: colours, charts and forms that act at once. It is one small file in the place of a
 * framework, which would be ten times as large. Pages that need React have it besides (`needs-react.tsx`).
 */
import { touchCharts } from './charts.ts'
import { actAtOnce } from './forms.ts'
import { switchTheme } from './theme-switch.ts'

switchTheme()
touchCharts()
actAtOnce()
