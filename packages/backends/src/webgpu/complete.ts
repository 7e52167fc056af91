import { addN } from './kernels/add-n.ts'
import { replaceKernel } from './kernels/kernel.ts'
import type { WebgpuBackend } from './tfjs-webgpu.ts'

export function completeWebgpu(_backend: WebgpuBackend): void {
  replaceKernel('AddN', addN)
}
