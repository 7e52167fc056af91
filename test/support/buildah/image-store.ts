import { execFile as execFileOf, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { killGroup, type StartContainer } from '@mate-bench/cloud/testing'
import { z } from 'zod'
import { aptOfThisMachine } from './apt-of-this-machine.ts'
import { firstProcess } from './first-process.ts'

const execFile = promisify(execFileOf)

/** What this machine lacks for building and running images; undefined where it lacks nothing. */
export function missingForImages(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'they are built as root, on Linux'
  const missing = ['buildah', 'mmdebstrap'].filter((program) => {
    try {
      execFileSync(program, ['--version'], { stdio: 'ignore' })
      return false
    } catch {
      return true
    }
  })
  return missing.length === 0 ? undefined : `${missing.join(' and ')} from Debian`
}

/** The part of an image's configuration that a container starts by (OCI image specification, "Image Configuration"). */
const configSchema = z.object({
  User: z.string().optional(),
  Env: z.array(z.string()).optional(),
  Cmd: z.array(z.string()).optional(),
  StopSignal: z.string().optional(),
  WorkingDir: z.string().optional(),
})
const inspectionSchema = z.object({
  FromImageDigest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  OCIv1: z.object({ config: configSchema }),
  Manifest: z.string(),
})
const manifestSchema = z.object({ layers: z.array(z.object({ size: z.number() })) })

export interface BuiltImage {
  readonly name: string
  /** Name and digest, as a registry would have it. */
  readonly reference: string
  readonly config: z.output<typeof configSchema>
  /** Of all layers, before compression. */
  readonly bytes: number
}

/**
 * Images in an empty store of their own, built and run by buildah without a daemon: containers are chroots that share this
 * machine's network, so that they reach what listens on 127.0.0.1.
 */
export class ImageStore {
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
  }

  static async open(): Promise<ImageStore> {
    const folder = await mkdtemp(join(tmpdir(), 'mate-bench-images-'))
    mkdirSync(join(folder, 'tmp'))
    return new ImageStore(folder)
  }

  /** A minimal Debian of this machine's release, from its mirrors and with the authorities that it trusts. @returns its name */
  async buildBase(): Promise<string> {
    const { codename, sources, options } = aptOfThisMachine()
    const sourcesFile = join(this.#folder, 'sources.list')
    const optionsFile = join(this.#folder, 'apt.conf')
    writeFileSync(sourcesFile, sources)
    writeFileSync(optionsFile, options)
    const authorities = '/usr/local/share/ca-certificates'
    const hooks = existsSync(authorities)
      ? [`copy-in ${authorities} /usr/local/share/`, 'chroot "$1" update-ca-certificates']
      : []
    const container = await this.#buildah('from', 'scratch')
    await this.#execute('mmdebstrap', [
      ...['--variant=minbase', '--include=ca-certificates', '--format=directory', `--aptopt=${optionsFile}`],
      ...hooks.map((hook) => `--customize-hook=${hook}`),
      ...[codename, await this.#buildah('mount', container), sourcesFile],
    ])
    await this.#buildah('umount', container)
    const name = 'localhost/base'
    await this.#buildah('commit', '--quiet', '--rm', container, name)
    return name
  }

  /** @param context folder; what is taken of it stands beside the Dockerfile, in its `.dockerignore` */
  async build(
    name: string,
    dockerfile: string,
    context: string,
    buildArguments: Readonly<Record<string, string>>,
  ): Promise<BuiltImage> {
    await this.#buildah(
      ...['build', '--pull-never', `--file=${dockerfile}`, `--ignorefile=${dockerfile}.dockerignore`],
      ...Object.entries(buildArguments).map(([key, value]) => `--build-arg=${key}=${value}`),
      ...[`--tag=${name}`, context],
    )
    const inspected = await this.#buildah('inspect', '--type=image', name)
    const { FromImageDigest: digest, OCIv1, Manifest } = inspectionSchema.parse(JSON.parse(inspected))
    const { layers } = manifestSchema.parse(JSON.parse(Manifest))
    return {
      name,
      reference: `${name}@${digest}`,
      config: OCIv1.config,
      bytes: layers.reduce((sum, { size }) => sum + size, 0),
    }
  }

  /** Runs a command in a container of its own. @returns its output; rejects with `code`, `stdout`, `stderr` where it fails */
  async run(image: string, ...command: string[]): Promise<string> {
    const container = await this.#buildah('from', '--pull-never', image)
    try {
      return await this.#buildah('run', container, '--', ...command)
    } finally {
      await this.#buildah('rm', container)
    }
  }

  /** Each container starts from the image anew, as the image's user. */
  containers(image: string): StartContainer {
    return ({ jobId, attempt, command, environment }) => {
      const container = `${jobId}-${attempt}`
      const run = [
        ...['buildah', ...this.#store(), 'run'],
        ...Object.entries(environment).map(([key, value]) => `--env=${key}=${value}`),
        ...[container, '--', ...command],
      ]
      const script = 'buildah "$1" "$2" from --pull-never "--name=$3" "$4" >/dev/null && shift 4 && exec "$@"'
      const child = spawn('sh', ['-c', script, 'sh', ...this.#store(), container, image, ...run], {
        env: this.#environment(),
        stdio: ['ignore', 'pipe', 'pipe'],
        // A group of its own: what ends a container ends all processes in it.
        detached: true,
      })
      return {
        process: child,
        notify() {
          const first = child.pid === undefined ? undefined : firstProcess(child.pid)
          if (first !== undefined) process.kill(first, 'SIGTERM')
        },
        kill: () => killGroup(child),
      }
    }
  }

  /** Removes all images and containers, none of which may run any more. */
  async close(): Promise<void> {
    await this.#buildah('umount', '--all')
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 })
  }

  #store(): [string, string] {
    return [`--root=${join(this.#folder, 'store')}`, `--runroot=${join(this.#folder, 'run')}`]
  }

  #environment(): NodeJS.ProcessEnv {
    return { ...process.env, BUILDAH_ISOLATION: 'chroot', TMPDIR: join(this.#folder, 'tmp') }
  }

  async #buildah(...args: string[]): Promise<string> {
    return await this.#execute('buildah', [...this.#store(), ...args])
  }

  async #execute(program: string, args: readonly string[]): Promise<string> {
    const { stdout } = await execFile(program, args, { env: this.#environment(), maxBuffer: 1 << 26 })
    return stdout.trim()
  }
}
