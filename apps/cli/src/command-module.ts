import type { Command } from 'commander'

/** What each file of `commands/` exports: it fills in arguments, options, help and action of its command. */
export interface CommandModule {
  readonly define: (command: Command) => void
}
