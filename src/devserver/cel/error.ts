/** The two ways in which a rule can fail. */

/** The text is not CEL, or a part of CEL that is not built. */
export class CelSyntaxError extends Error {
  override readonly name = 'CelSyntaxError';
}

/** The rule met a value that it cannot deal with, such as a member that is absent. */
export class CelEvaluationError extends Error {
  override readonly name = 'CelEvaluationError';
}
