/**
 * All that a script does on a page of numbers: colours, charts, forms that act at once, and rows that unfold. It is one small file in the place of a
 * framework, which would be ten times as large. Pages that need React have it besides (`needs-react.tsx`).
 */
import { touchCharts } from './charts.ts'
import { actAtOnce } from './forms.ts'
import { switchTheme } from './theme-switch.ts'
import { unfoldRows } from './unfold.ts'

switchTheme()
touchCharts()
actAtOnce()
unfoldRows()
