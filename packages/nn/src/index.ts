export * from './describe/index.ts'
export type { ExitByExit } from './exit-by-exit.ts'
export { scaleGradient } from './gradients/scale-gradient.ts'
export { type VariableGradients, variableGradients } from './gradients/variable-gradients.ts'
export { initialValues } from './initialise.ts'
export {
  type BatchNormForward,
  type BatchNormGradientInputs,
  type BatchNormParameters,
  batchNormTraining,
  batchNormTrainingForward,
  batchNormTrainingGradient,
  batchNormTrainingGradKernel,
  batchNormTrainingKernel,
} from './layers/batch-norm.ts'
export {
  type GroupedConvOptions,
  groupedConvFilterGradKernel,
  groupedConvInputGradKernel,
  groupedConvKernel,
  groupedConvolution,
} from './layers/grouped-convolution.ts'
export { predictedLogits } from './logit-sums.ts'
export { createModel, type ForwardOptions, type GradientScale, type Model } from './model.ts'
export type { ExitOutputs } from './outputs.ts'
