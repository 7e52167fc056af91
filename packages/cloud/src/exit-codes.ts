/**
 * How the training container ends, for the retry rules of the job definition: those look at nothing else that the
 * container says.
 */
export const trainerExitCodes = {
  /** Published, or cancelled as asked: there is nothing to try again. */
  done: 0,
  /** The spec or the run was refused, and would be again. */
  refused: 64,
  /** No GPU, though one was required: the image or the machine is wrong. */
  noAccelerator: 69,
  /**
   * Database, artifacts or data could not be reached, the machine is being taken away, or something crashed on an early
   * attempt: another try goes on.
   */
  tryAgain: 75,
} as const
