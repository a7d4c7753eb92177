/** Owns the one error class that is meant for a person: what is wrong, where, and what to do about it. */

/** A fault of usage, configuration or environment. Shown as one line, without a stack. */
export class UserError extends Error {
  override name = 'UserError'
}
