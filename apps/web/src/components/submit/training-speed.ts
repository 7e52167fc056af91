/** What the latest published run reached: the only ground for an estimate of time. */
export interface TrainingSpeed {
  /** Forward and backward, of one process. */
  readonly macsPerSecond: number
  /** Such as `wasm on AMD EPYC`. */
  readonly where: string
}
