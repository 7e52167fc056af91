// Preloaded into a process (`node --import`): counts each rename, unlink and rmdir below a folder. Before each it keeps a
// copy of the folder, which is what a process that is killed there leaves behind; or it kills the process, before one.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join, relative, resolve } from 'node:path'

const { STOP_POINTS_FOLDER: folder = '', STOP_POINTS_LOG: log = '' } = process.env
const { STOP_POINTS_COPIES: copies = '', STOP_POINTS_KILL: kill = '' } = process.env
const { renameSync, unlinkSync, rmdirSync, lstatSync, readdirSync, appendFileSync, cpSync } = fs
let count = 0

function counted(name, path, operation) {
  const inside = relative(folder, resolve(path))
  if (inside.startsWith('..')) return operation()
  count++
  if (copies) cpSync(folder, join(copies, String(count)), { recursive: true })
  appendFileSync(log, `${name} ${inside.replaceAll(String(process.pid), 'PID')}\n`)
  if (String(count) === kill) process.kill(process.pid, 'SIGKILL')
  return operation()
}

// Named after where it goes.
fs.renameSync = (from, to) => counted('rename', to, () => renameSync(from, to))
fs.unlinkSync = (path) => counted('unlink', path, () => unlinkSync(path))
fs.rmdirSync = (path) => counted('rmdir', path, () => rmdirSync(path))
// Node's own does all of it in one call, a file after the other.
fs.rmSync = (path, options = {}) => {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (!found && options.force) return
  if (!found?.isDirectory()) return fs.unlinkSync(path)
  for (const name of readdirSync(path)) fs.rmSync(join(path, name), options)
  fs.rmdirSync(path)
}
syncBuiltinESMExports()
