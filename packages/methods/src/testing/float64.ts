/**
 * The losses once more, in plain float64 arrays and without any tensor library: what the tests hold the tensor
 * code against. Written for plainness: one image at a time, one class at a time.
 */

export type Vector = readonly number[]
/** A row an image, [B, n]. */
export type Matrix = readonly Vector[]

/** Element of a list that must be there. */
export function at<T>(list: readonly T[], index: number): T {
  const item = list.at(index)
  if (item === undefined) throw new RangeError(`No element ${index} in a list of ${list.length}.`)
  return item
}

export const sum = (values: Vector): number => values.reduce((a, b) => a + b, 0)
export const mean = (values: Vector): number => sum(values) / values.length
export const dot = (a: Vector, b: Vector): number => sum(a.map((value, index) => value * at(b, index)))

export function softmax(logits: Vector, temperature = 1): number[] {
  const exponentials = logits.map((logit) => Math.exp(logit / temperature))
  return exponentials.map((value) => value / sum(exponentials))
}

function meanOverBatch(a: Matrix, b: Matrix, loss: (rowA: Vector, rowB: Vector) => number): number {
  return mean(a.map((row, index) => loss(row, at(b, index))))
}

export const crossEntropy = (logits: Matrix, targets: Matrix): number =>
  meanOverBatch(logits, targets, (z, y) => -dot(y, softmax(z).map(Math.log)))

export const softCrossEntropy = (teacher: Matrix, student: Matrix, temperature: number): number =>
  meanOverBatch(
    teacher,
    student,
    (t, z) => -dot(softmax(t, temperature), softmax(z, temperature).map(Math.log)),
  )

export const klDivergence = (teacher: Matrix, student: Matrix, temperature: number): number =>
  meanOverBatch(teacher, student, (t, z) => {
    const p = softmax(t, temperature)
    const q = softmax(z, temperature)
    return sum(p.map((probability, c) => probability * Math.log(probability / at(q, c))))
  })

/** sum (f - g)^2 where f > 0 or g > 0, with the mask read from (maskF, maskG). */
export function maskedSquaredDistance(f: Matrix, g: Matrix): number {
  return sum(f.map((row, b) => sum(row.map((value, c) => maskedSquare(value, at(at(g, b), c))))))
}
const maskedSquare = (a: number, b: number): number => (a > 0 || b > 0 ? (a - b) ** 2 : 0)

export const squaredDistance = (f: Matrix, g: Matrix): number =>
  sum(f.map((row, b) => sum(row.map((value, c) => (value - at(at(g, b), c)) ** 2))))

export const elements = (matrix: Matrix): number => sum(matrix.map((row) => row.length))

/** Row vectors times a weight: [B, D] x [D, d]. */
export function multiply(rows: Matrix, weight: Matrix): number[][] {
  return rows.map((row) =>
    at(weight, 0).map((_, column) =>
      dot(
        row,
        weight.map((line) => at(line, column)),
      ),
    ),
  )
}

/** Batch norm with the batch's own statistics, then ReLU; every row is one of the batch. */
export function batchNormRelu(rows: Matrix, gamma: Vector, beta: Vector): number[][] {
  const columns = at(rows, 0).map((_, c) => rows.map((row) => at(row, c)))
  const means = columns.map(mean)
  const deviations = columns.map((column, c) =>
    Math.sqrt(mean(column.map((value) => (value - at(means, c)) ** 2)) + 1e-5),
  )
  return rows.map((row) =>
    row.map((value, c) =>
      Math.max(0, ((value - at(means, c)) / at(deviations, c)) * at(gamma, c) + at(beta, c)),
    ),
  )
}

/** sum_k w_k x_k over matrices of one shape. */
export function weightedSum(matrices: readonly Matrix[], weights: Vector): number[][] {
  return at(matrices, 0).map((row, b) =>
    row.map((_, c) => sum(matrices.map((matrix, k) => at(weights, k) * at(at(matrix, b), c)))),
  )
}

/**
 * Attention of N exits over each other for each image, [B][N][N]: softmax_j(q_i . k_j * scale).
 * `features` are N matrices [B, D].
 */
export function attentionWeights(
  features: readonly Matrix[],
  query: Matrix,
  key: Matrix,
  scale: number,
): number[][][] {
  const queries = features.map((feature) => multiply(feature, query))
  const keys = features.map((feature) => multiply(feature, key))
  return at(features, 0).map((_, b) =>
    queries.map((q) => softmax(keys.map((k) => dot(at(q, b), at(k, b)) * scale))),
  )
}

/** t_i = sum_j A_ij z_j: N matrices [B, C]. */
export function ensembles(weights: readonly Matrix[], logits: readonly Matrix[]): number[][][] {
  return logits.map((_, i) =>
    at(logits, 0).map((row, b) =>
      row.map((_, c) =>
        dot(
          at(at(weights, b), i),
          logits.map((z) => at(at(z, b), c)),
        ),
      ),
    ),
  )
}

/** df/dx by central differences, same shape as x. */
export function numericGradient(x: Matrix, f: (x: Matrix) => number, step = 1e-5): number[][] {
  const moved = (row: number, column: number, by: number): Matrix =>
    x.map((values, r) => values.map((value, c) => (r === row && c === column ? value + by : value)))
  return x.map((values, r) =>
    values.map((_, c) => (f(moved(r, c, step)) - f(moved(r, c, -step))) / (2 * step)),
  )
}
