import './gradients/register.ts'

export type * from './describe/network.ts'
export type { ExitOutputs } from './outputs.ts'
