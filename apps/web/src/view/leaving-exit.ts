/**
 * Where an image leaves: the first exit that is at least as confident as the threshold, and the last for who is nowhere.
 *
 * @param confidences of the exits that have answered, shallowest first
 * @param exits how many there are
 * @returns number of the exit, from 1; undefined while it is not decided
 */
export function leavingExit(
  confidences: readonly number[],
  exits: number,
  threshold: number,
): number | undefined {
  const first = confidences.findIndex((confidence) => confidence >= threshold)
  if (first >= 0) return first + 1
  return confidences.length >= exits ? exits : undefined
}
