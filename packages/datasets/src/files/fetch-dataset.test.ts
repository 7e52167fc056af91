import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { closedOrigin, fileServer, type Serve, sendPart, sendRange } from '../fixtures/file-server.ts'
import { sha256, temporaryFolder, tinyDataset, tinyOptions } from '../fixtures/tiny-dataset.ts'
import { openDataset } from '../open.ts'
import { type FetchProgress, fetchDataset } from './fetch-dataset.ts'

const name = 'tiny-binary.tar.gz'

/** A dataset whose archive the given server sends. */
async function served(serve: (archive: Uint8Array) => Serve) {
  const { archive } = await tinyDataset()
  const server = await fileServer(serve(archive))
  const { dataset } = await tinyDataset({ urls: [`${server.origin}/${name}`] })
  const dataFolder = await temporaryFolder()
  const folder = join(dataFolder, 'tiny')
  await mkdir(folder)
  return { archive, server, dataset, dataFolder, folder }
}

const whole =
  (archive: Uint8Array): Serve =>
  (request, response) =>
    sendRange(request, response, archive)

describe('fetching a dataset', () => {
  it('downloads, verifies, and leaves the published file alone in the folder', async () => {
    const { dataset, dataFolder, folder, archive, server } = await served(whole)
    const progress: FetchProgress[] = []
    const brought = await fetchDataset(dataset, { dataFolder, onProgress: (p) => progress.push(p) })
    expect(brought).toEqual({ folder, files: [{ name, state: 'downloaded' }] })
    expect(await readdir(folder)).toEqual([name])
    expect(sha256(await readFile(join(folder, name)))).toBe(sha256(archive))
    expect(server.requests).toEqual([{ url: `/${name}`, range: undefined, encoding: 'identity' }])
    expect(progress[0]).toEqual({ phase: 'downloading', file: name, bytes: 0, totalBytes: archive.length })
    expect(progress.at(-1)).toMatchObject({ phase: 'verifying', bytes: archive.length })
    const bytes = progress.map((p) => p.bytes)
    expect(bytes).toEqual([...bytes].sort((a, b) => a - b))
    expect((await openDataset(tinyOptions, { dataset, dataFolder })).trainSet.labels.length).toBe(12)
  })

  it('asks for nothing when everything is there, and writes nothing, not even a lock', async () => {
    const { dataset, dataFolder, folder, server } = await served(whole)
    await fetchDataset(dataset, { dataFolder })
    // The lock is a folder of this name: whoever tries to take it waits.
    await writeFile(join(folder, '.lock'), '')
    const changed = (await stat(folder)).mtimeMs
    expect(await fetchDataset(dataset, { dataFolder })).toMatchObject({ files: [{ name, state: 'present' }] })
    expect((await stat(folder)).mtimeMs).toBe(changed)
    expect(server.requests).toHaveLength(1)
  })

  it('goes on where an earlier download stopped', async () => {
    const { dataset, dataFolder, folder, archive, server } = await served(whole)
    await writeFile(join(folder, `${name}.part`), archive.subarray(0, 1000))
    await fetchDataset(dataset, { dataFolder })
    expect(server.requests.map((request) => request.range)).toEqual(['bytes=1000-'])
    expect(sha256(await readFile(join(folder, name)))).toBe(sha256(archive))
  })

  it('only verifies a part that is complete', async () => {
    const { dataset, dataFolder, folder, archive, server } = await served(whole)
    await writeFile(join(folder, `${name}.part`), archive)
    expect(await fetchDataset(dataset, { dataFolder })).toMatchObject({ files: [{ state: 'downloaded' }] })
    expect(server.requests).toEqual([])
  })

  it('takes up a transfer that breaks, as often as it brings something', async () => {
    const breaks = new Map<number, () => void>()
    const { dataset, dataFolder, server } = await served((archive) => (request, response, count) => {
      if (count === 4) return sendRange(request, response, archive)
      sendPart(response, archive, (count - 1) * 500, count * 500)
      breaks.set(count * 500, () => response.destroy())
    })
    await fetchDataset(dataset, { dataFolder, onProgress: ({ bytes }) => breaks.get(bytes)?.() })
    expect(server.requests.map((request) => request.range)).toEqual([
      undefined,
      'bytes=500-',
      'bytes=1000-',
      'bytes=1500-',
    ])
  })

  it('starts over when the server does not know ranges', async () => {
    const { dataset, dataFolder, folder, archive } = await served((content) => (_, response) => {
      response.writeHead(200, { 'content-length': content.length }).end(content)
    })
    await writeFile(join(folder, `${name}.part`), new Uint8Array(700).fill(1))
    await fetchDataset(dataset, { dataFolder })
    expect(sha256(await readFile(join(folder, name)))).toBe(sha256(archive))
  })

  it('starts over when the server refuses the range', async () => {
    const { dataset, dataFolder, folder, archive, server } = await served(
      (content) => (request, response) => {
        if (request.headers.range) response.writeHead(416).end()
        else sendRange(request, response, content)
      },
    )
    await writeFile(join(folder, `${name}.part`), archive.subarray(0, 700))
    await fetchDataset(dataset, { dataFolder })
    expect(server.requests).toHaveLength(2)
  })

  it('starts over when what an earlier download left was wrong', async () => {
    const { dataset, dataFolder, folder, archive, server } = await served(whole)
    await writeFile(join(folder, `${name}.part`), new Uint8Array(900).fill(1))
    await fetchDataset(dataset, { dataFolder })
    expect(server.requests.map((request) => request.range)).toEqual(['bytes=900-', undefined])
    expect(sha256(await readFile(join(folder, name)))).toBe(sha256(archive))
  })

  it('names file, expected and found when the content is another', async () => {
    const { dataset, dataFolder, folder, archive } = await served((content) => (request, response) => {
      const changed = Uint8Array.from(content)
      changed[2000] = (changed[2000] ?? 0) ^ 1
      sendRange(request, response, changed)
    })
    const error = await fetchDataset(dataset, { dataFolder }).catch((thrown: unknown) => thrown)
    const message = `${name} from http.* expected sha256 ${sha256(archive)}, found sha256 [0-9a-f]{64}`
    expect(error).toMatchObject({ code: 'checksum-mismatch', message: expect.stringMatching(message) })
    expect(await readdir(folder)).toEqual([])
  })

  it('does not download a file of another size, such as the page of a gateway', async () => {
    const { dataset, dataFolder, archive } = await served(() => (_, response) => {
      response.writeHead(200, { 'content-length': 5 }).end('Hello')
    })
    await expect(fetchDataset(dataset, { dataFolder })).rejects.toMatchObject({
      code: 'checksum-mismatch',
      message: expect.stringContaining(`expected ${archive.length} bytes, found 5 bytes`),
    })
  })

  it('stops a transfer of unknown length that grows too large', async () => {
    const { dataset, dataFolder, folder } = await served((archive) => (_, response) => {
      response.writeHead(200)
      response.write(archive)
      response.end('more')
    })
    await expect(fetchDataset(dataset, { dataFolder })).rejects.toMatchObject({
      code: 'checksum-mismatch',
      message: expect.stringContaining('found more'),
    })
    expect(await readdir(folder)).toEqual([])
  })

  it('tries the next address when the first one fails', async () => {
    const { archive, server, dataFolder } = await served((content) => (request, response) => {
      if (request.url?.startsWith('/gone')) response.writeHead(404).end('no')
      else sendRange(request, response, content)
    })
    const { dataset } = await tinyDataset({
      urls: [`${server.origin}/gone/${name}`, `${server.origin}/${name}`],
    })
    await fetchDataset(dataset, { dataFolder })
    expect(server.requests.map((request) => request.url)).toEqual([`/gone/${name}`, `/${name}`])
    expect(archive.length).toBeGreaterThan(0)
  })

  it('asks a busy server again, and goes on where it was', async () => {
    const { dataset, dataFolder, folder, archive, server } = await served(
      (content) => (request, response, count) => {
        if (count < 3) response.writeHead(503, { 'retry-after': '0' }).end('busy')
        else sendRange(request, response, content)
      },
    )
    await writeFile(join(folder, `${name}.part`), archive.subarray(0, 700))
    await fetchDataset(dataset, { dataFolder })
    expect(server.requests.map(({ range }) => range)).toEqual(Array(3).fill('bytes=700-'))
    expect(sha256(await readFile(join(folder, name)))).toBe(sha256(archive))
  })

  it('keeps what it has when the server is unwell, and says what to do by hand', async () => {
    const { dataset, dataFolder, folder, archive, server } = await served(() => (_, response) => {
      response.writeHead(503, { 'retry-after': '0' }).end('busy')
    })
    await writeFile(join(folder, `${name}.part`), archive.subarray(0, 700))
    const error = await fetchDataset(dataset, { dataFolder }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'offline',
      message: expect.stringContaining('the server answered 503, asked 4 times'),
      hint: expect.stringContaining(`put into ${folder}:\n  ${server.origin}/${name}`),
    })
    expect(error).toMatchObject({ hint: expect.stringContaining('mate-bench data add tiny --from DIR') })
    expect(await readdir(folder)).toEqual([`${name}.part`])
  })

  it('says offline when nobody answers', async () => {
    const { dataset } = await tinyDataset({ urls: [`${await closedOrigin()}/${name}`] })
    await expect(fetchDataset(dataset, { dataFolder: await temporaryFolder() })).rejects.toMatchObject({
      code: 'offline',
      message: expect.stringMatching(/could not be downloaded \(http:\/\/127\.0\.0\.1:.*ECONNREFUSED/),
    })
  })

  it("leaves a file of the user's alone when it is not the published one", async () => {
    const { dataset, dataFolder, folder, server } = await served(whole)
    await writeFile(join(folder, name), 'mine')
    await expect(fetchDataset(dataset, { dataFolder })).rejects.toMatchObject({
      code: 'checksum-mismatch',
      path: join(folder, name),
    })
    expect(await readFile(join(folder, name), 'utf8')).toBe('mine')
    expect(server.requests).toEqual([])
  })

  it('can be stopped, and goes on later', async () => {
    const { dataset, dataFolder, folder, server } = await served((archive) => (request, response, count) => {
      if (count > 1) return sendRange(request, response, archive)
      response.writeHead(200, { 'content-length': archive.length })
      response.write(archive.subarray(0, 800)) // and nothing more
    })
    const stop = new AbortController()
    const onProgress = (progress: FetchProgress) => {
      if (progress.bytes === 800) stop.abort()
    }
    await expect(
      fetchDataset(dataset, { dataFolder, onProgress, signal: stop.signal }),
    ).rejects.toMatchObject({
      code: 'interrupted',
    })
    expect(await readdir(folder)).toEqual([`${name}.part`])
    await fetchDataset(dataset, { dataFolder })
    expect(server.requests[1]?.range).toBe('bytes=800-')
  })

  it('lets one download at a time; the other waits and finds the file', async () => {
    const { dataset, dataFolder, server } = await served((archive) => (request, response) => {
      setTimeout(() => sendRange(request, response, archive), 300)
    })
    const phases: string[] = []
    const onProgress = ({ phase }: FetchProgress) => phases.push(phase)
    const both = await Promise.all([
      fetchDataset(dataset, { dataFolder, onProgress }),
      fetchDataset(dataset, { dataFolder, onProgress }),
    ])
    expect(server.requests).toHaveLength(1)
    expect(both.map(({ files }) => files[0]?.state).sort()).toEqual(['downloaded', 'present'])
    expect(phases).toContain('waiting')
  })

  it('takes over a lock that was left behind', async () => {
    const { dataset, dataFolder, folder } = await served(whole)
    const lock = join(folder, '.lock')
    await mkdir(lock)
    const longAgo = new Date(Date.now() - 60_000)
    await utimes(lock, longAgo, longAgo)
    expect(await fetchDataset(dataset, { dataFolder })).toMatchObject({ files: [{ state: 'downloaded' }] })
    expect(existsSync(lock)).toBe(false)
  })

  it('can be stopped while it waits', async () => {
    const { dataset, dataFolder, folder } = await served(whole)
    await mkdir(join(folder, '.lock'))
    const stop = new AbortController()
    const fetched = fetchDataset(dataset, { dataFolder, signal: stop.signal, onProgress: () => stop.abort() })
    await expect(fetched).rejects.toMatchObject({ code: 'interrupted' })
  })

  it('says storage when the folder cannot be made', async () => {
    const { dataset } = await tinyDataset()
    const dataFolder = join(await temporaryFolder(), 'file')
    await writeFile(dataFolder, '')
    await expect(fetchDataset(dataset, { dataFolder })).rejects.toMatchObject({ code: 'storage' })
  })

  it('has nothing to do for a dataset that ships with the package', async () => {
    const { files } = await fetchDataset('fashion-mnist-mini', { dataFolder: await temporaryFolder() })
    expect(files.map((file) => file.state)).toEqual(['present', 'present', 'present', 'present'])
  })
})
