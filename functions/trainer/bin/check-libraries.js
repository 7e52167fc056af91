#!/usr/bin/env node
// `node check-libraries.js cpu|gpu` ends with 1 where a library of the image's engine cannot be loaded: TensorFlow only warns
// where one of CUDA's is missing, and computes on the CPU.
import { register } from 'tsx/esm/api'

register()
const { checkEngine } = await import('../src/image-engine.ts')
process.exitCode = await checkEngine(process.argv[2])
