#!/usr/bin/env node
// Plain JavaScript, since a process starts before TypeScript can be read.
import { register } from 'tsx/esm/api'

register()
const { main } = await import('../src/main.ts')
process.exitCode = await main(process.argv.slice(2))
