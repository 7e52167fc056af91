import { launcherFromEnvironment } from '@mate-bench/cloud'
import type { Launcher } from '@mate-bench/store'

let launcher: Launcher | undefined

/** What trains approved submissions here, for the API and the pages alike. */
export function getLauncher(): Launcher {
  launcher ??= launcherFromEnvironment()
  return launcher
}
