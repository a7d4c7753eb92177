/** Owns the error of an analysis that did not come to its end. */

/** `time` and `memory`: it took more than it is allowed. */
export type FailureReason = 'crash' | 'time' | 'memory'

export class AnalysisFailure extends Error {
  override name = 'AnalysisFailure'

  constructor(
    readonly reason: FailureReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}
