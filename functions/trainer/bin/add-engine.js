#!/usr/bin/env node
// `node add-engine.js cpu|gpu` puts the engine that the image computes with into MATE_BENCH_ENGINES. No part of the trainer:
// it runs while the image is built.
import { register } from 'tsx/esm/api'

register()
const { addEngine } = await import('../src/image-engine.ts')
process.exitCode = await addEngine(process.argv[2])
