import { spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** The real program in a process of its own: few tests, since each costs a start. */

const bin = fileURLToPath(new URL('../bin/mate-bench.js', import.meta.url))
const root = fileURLToPath(new URL('../../..', import.meta.url))
const quickstartSpec = 'bench-specs/quickstart/mate.json'

function run(...args: string[]) {
  const { DATABASE_URL: _, ...env } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...env, NO_COLOR: '1' },
  })
  return { status, stdout, stderr }
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mate-bench-cli-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('mate-bench', () => {
  it('prints help with examples', () => {
    const { status, stdout } = run('--help')
    expect(status).toBe(0)
    const commands = [
      ...['quickstart', 'run', 'plan', 'report', 'verify', 'reproduce', 'trace', 'macs', 'methods', 'data'],
      ...['doctor', 'publish', 'db', 'serve', 'submit', 'worker', 'cloud', 'token'],
    ]
    for (const command of commands) {
      expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'))
    }
    expect(stdout).toContain('Examples:')
  })

  it.skipIf(!existsSync('/dev/full'))(
    'says that its output did not fit on the disk, with exit code 1',
    () => {
      const full = openSync('/dev/full', 'w')
      const { status, stderr } = spawnSync(process.execPath, [bin, 'methods'], {
        cwd: root,
        encoding: 'utf8',
        stdio: ['ignore', full, 'pipe'],
      })
      closeSync(full)
      expect(status).toBe(1)
      expect(stderr).toMatch(
        /^error \[storage\] The output could not be written: ENOSPC.*\n {2}next {3}Free some space/,
      )
      expect(stderr).not.toContain('    at ')
    },
  )

  it('prints help of a command with examples', () => {
    const { status, stdout } = run('help', 'run')
    expect(status).toBe(0)
    expect(stdout).toContain('--checkpoint-steps')
    expect(stdout).toContain('Examples:')
  })

  it('suggests the command that was meant, with exit code 2', () => {
    const { status, stdout, stderr } = run('rnu', quickstartSpec)
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain("Unknown command 'rnu'")
    expect(stderr).toContain('Did you mean run?')
  })

  it('suggests the flag that was meant, with exit code 2', () => {
    const { status, stderr } = run('run', quickstartSpec, '--sedes', '1')
    expect(status).toBe(2)
    expect(stderr).toContain('Did you mean --seeds?')
  })

  it('refuses a folder without runs with exit code 2', () => {
    const { status, stderr } = run('verify', folder)
    expect(status).toBe(2)
    expect(stderr).toContain('There is no finished run in')
  })
})

it('verifies the other runs where a manifest cannot be read, with exit code 1', () => {
  const broken = ['one', 'two'].map((name) => {
    const path = join(folder, 'broken', name)
    mkdirSync(path, { recursive: true })
    writeFileSync(join(path, 'manifest.json'), '{"schemaVersion": 1')
    return path
  })
  const { status, stdout } = run('verify', ...broken, '--json')
  expect(status).toBe(1)
  const { runs } = JSON.parse(stdout)
  expect(runs).toEqual(
    broken.map((path) => ({
      folder: path,
      ok: false,
      checks: [
        {
          name: 'manifest',
          ok: false,
          outcome: 'failed',
          detail: expect.stringContaining('manifest.json'),
        },
      ],
    })),
  )
})

describe('macs', () => {
  it('prints both costs of every exit as JSON', () => {
    const { status, stdout } = run(
      'macs',
      'bench-specs/cifar100/msdnet7-joint.json',
      '--convention',
      'msdnet-ops',
      '--json',
    )
    expect(status).toBe(0)
    const document = JSON.parse(stdout)
    // MSDNet-PyTorch's own counter, for its CIFAR-100 network with seven exits.
    expect(document.exits.map(({ sequentialOps }: { sequentialOps: number }) => sequentialOps)).toEqual([
      56426084, 100998344, 155310892, 198097296, 249534452, 298051160, 340640956,
    ])
  })

  it('counts images that no dataset has, and says which scales no exit reads', () => {
    const shipped = JSON.parse(readFileSync(join(root, 'bench-specs/cifar100/msdnet7-joint.json'), 'utf8'))
    const factors = { grFactor: [1, 2, 4, 4], bnFactor: [1, 2, 4, 4] }
    const large = { ...shipped, $schema: undefined }
    large.model = {
      backbone: { name: 'msdnet', nBlocks: 5, base: 4, step: 4, nChannels: 32, stem: 'imagenet', ...factors },
      exits: [1, 2, 3, 4, 5].map((block) => ({ after: `block${block}` })),
      head: { name: 'msdnet', width: 'input' },
    }
    const path = join(folder, 'msdnet-imagenet.json')
    writeFileSync(path, JSON.stringify(large))
    const at224 = ['--input', '224', '--classes', '1000', '--convention', 'msdnet-ops']
    const document = JSON.parse(run('macs', path, ...at224, '--json').stdout)
    // MSDNet-PyTorch's own counter, for its ImageNet network with step 4.
    expect(document.exits.map(({ sequentialOps }: { sequentialOps: number }) => sequentialOps)).toEqual([
      339902824, 685456720, 1008156120, 1254472688, 1360529624,
    ])
    expect(run('macs', path).stderr).toContain('too small for images of 32x32x3')
    large.model.backbone = { ...large.model.backbone, base: 1, step: 1 }
    writeFileSync(path, JSON.stringify(large))
    expect(run('macs', path, ...at224).stdout).toMatch(
      /no exit uses it[\s\S]*block5\.layer0\.scale3: .* from exit 5 on/,
    )
  })

  it('prints a table, and every layer when asked', () => {
    const { stdout } = run('macs', quickstartSpec, '--per-layer')
    expect(stdout).toContain('sequential MACs')
    expect(stdout).toContain('stage1.block0.conv1')
  })

  it('ends quietly when its reader goes away', () => {
    const program = `"${process.execPath}" "${bin}" macs ${quickstartSpec} --per-layer --json`
    const { stdout, stderr } = spawnSync(
      '/bin/sh',
      ['-c', `{ ${program}; echo "exit code $?" >&2; } | head -n 1`],
      { cwd: root, encoding: 'utf8' },
    )
    expect(stdout).toBe('{\n')
    expect(stderr).toBe('exit code 0\n')
  })
})

describe('plan', () => {
  it('plans a spec whose data is not here', () => {
    const { status, stdout } = run(
      'plan',
      'bench-specs/cifar100/resnet18-mate.json',
      '--no-measure',
      '--json',
    )
    expect(status).toBe(0)
    const [plan] = JSON.parse(stdout).plans
    expect(plan.stepsPerRun).toBe(200 * Math.ceil(45_000 / 128))
    expect(plan.time).toBeNull()
  })

  it('plans for the cloud: no time of this machine, and which machines a run would take too long on', () => {
    const { status, stdout, stderr } = run(
      'plan',
      'bench-specs/cifar100/resnet18-mate.json',
      '--cloud',
      '--gflops',
      '200',
    )
    expect(status).toBe(0)
    expect(stderr).toBe('')
    expect(stdout).not.toMatch(/^ {2}time/m)
    expect(stdout).toContain(
      'p4d.24xlarge: a run would take longer than the 60 h that a run has in production.',
    )
  })

  it('refuses a throughput of the cloud in a plan for this machine', () => {
    const { status, stderr } = run('plan', quickstartSpec, '--gflops', '200')
    expect(status).toBe(2)
    expect(stderr).toContain('Add --cloud')
  })

  it('lists all problems of a bad spec at once, with exit code 2', () => {
    const path = join(folder, 'bad.json')
    writeFileSync(
      path,
      JSON.stringify({
        schemaVersion: 1,
        name: 'bad',
        dataset: { name: 'fashion-mnist-mini' },
        model: {
          backbone: { name: 'resnet', depth: 8 },
          exits: [{ after: 'stage1' }, { after: 'stge3' }],
          head: { name: 'linear' },
        },
        method: { name: 'jiont' },
        training: {
          epochs: 0,
          batchSize: 64,
          optimizer: { name: 'sgd', learningRate: 0.1 },
          schedule: { name: 'cosine' },
        },
        evaluation: { checkpoint: { name: 'last' } },
        seeds: [1, 1],
      }),
    )
    const { status, stdout, stderr } = run('plan', path, '--no-measure')
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain('error [bad-spec]')
    expect(stderr).toContain('training.epochs')
    expect(stderr).toContain('Did you mean "joint"?')
    expect(stderr).toContain('model.exits[1].after')
    expect(stderr).toContain('Seed 1 is listed twice')
    expect(stderr).not.toContain('    at ')
  })
})

describe('methods and data', () => {
  it('lists every method with its options', () => {
    const { status, stdout } = run('methods', '--json')
    expect(status).toBe(0)
    const { methods } = JSON.parse(stdout)
    const names = methods.map(({ name }: { name: string }) => name)
    expect(names).toEqual(expect.arrayContaining(['joint', 'byot', 'eed', 'beed', 'okddip', 'mate']))
  })

  it('says which datasets are here', () => {
    const { status, stdout } = run('data', 'list', '--data', join(folder, 'data'))
    expect(status).toBe(0)
    expect(stdout).toMatch(/fashion-mnist-mini +ships/)
    expect(stdout).toMatch(/cifar100 +missing/)
  })

  it('refuses to train on data that is not here, with exit code 2 and the command that brings it', () => {
    const { status, stderr } = run(
      'run',
      'bench-specs/cifar100/resnet18-joint.json',
      '--data',
      join(folder, 'data'),
    )
    expect(status).toBe(2)
    expect(stderr).toContain('mate-bench data fetch cifar100')
  })
})
