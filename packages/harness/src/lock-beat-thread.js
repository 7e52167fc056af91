// Renews the time of a lock file. Plain JavaScript: the thread needs no TypeScript, and starts at once.
import { futimesSync, openSync, readFileSync } from 'node:fs'
import { workerData } from 'node:worker_threads'

const { path, content, beatMilliseconds } = workerData
// By its descriptor: a lock of the same name that another process made is not ours to renew. Only Windows wants it open
// for writing; elsewhere that would keep a file system from being made read-only.
const file = openSync(path, process.platform === 'win32' ? 'r+' : 'r')
if (readFileSync(file, 'utf8') === content) {
  setInterval(() => {
    const now = new Date()
    try {
      futimesSync(file, now, now)
    } catch {
      // A disk that fails for a moment: the next beat tries again.
    }
  }, beatMilliseconds)
}
