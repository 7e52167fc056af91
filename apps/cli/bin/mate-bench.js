#!/usr/bin/env node
// Plain JavaScript, since a process starts before TypeScript can be read.
import { register } from 'tsx/esm/api'

register()
// The AWS SDK is pinned; that versions to come need Node 22 is nothing to tell whoever runs this.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
const { main } = await import('../src/main.ts')
process.exitCode = await main(process.argv.slice(2))
