import type { JobResult, RunEvent } from '@mate-bench/harness'

/** Who tells the user how the runs go; one form for a terminal, one for a log, one for a machine. */
export interface Reporter {
  /** A run that will not be begun because it is complete. */
  skipped(label: string, folder: string): void
  begun(label: string): void
  event(label: string, event: RunEvent): void
  result(result: JobResult): void
  /** The runs were asked to stop. */
  stopping(): void
  /** Nothing more comes: gives the terminal back. */
  close(): void
}
