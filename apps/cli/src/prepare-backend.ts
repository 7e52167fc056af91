import type { BackendSettings } from '@mate-bench/backends'
import { type ChosenBackend, chooseBackend } from '@mate-bench/harness/choose-backend'
import type { BackendChoice } from './command-options.ts'

/** What `auto` means on this machine, decided once for all processes of a command; says so where that takes a while. */
export async function prepareBackend(
  choice: BackendChoice,
  settings: BackendSettings = {},
): Promise<ChosenBackend> {
  const onChecking = (name: string) =>
    process.stderr.write(
      `Checking that backend ${name} trains to the right numbers here (once per machine) ...\n`,
    )
  const chosen = await chooseBackend(choice, { settings, onChecking })
  // What is installed and does not train is worth a word: its owner expects it to be used.
  for (const why of chosen.failing) process.stderr.write(`Passed over ${why.replace(/\.+$/, '')}.\n`)
  if (chosen.failing.length > 0) process.stderr.write(`Computing with ${chosen.name}.\n`)
  return chosen
}
