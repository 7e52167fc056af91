import { BenchError, benchErrorFromUnknown } from '@mate-bench/schema'

/**
 * How a check ended: `flagged` is worth a look and no reason to refuse; `unchecked` could not be made for want of data or
 * of a backend; `claimed` is what no file of a run can prove.
 */
export type Outcome = 'passed' | 'flagged' | 'unchecked' | 'claimed' | 'failed'

export interface Check {
  readonly name: string
  /** False where the check failed. */
  readonly ok: boolean
  readonly outcome: Outcome
  /** What was found: the figure or digest on success, the difference on failure, why it could not be made. */
  readonly detail: string
  /**
   * Set where what failed may be the machine and not the run: files or memory that it could not give. Whoever judges a run of
   * which the same files have passed before decides nothing by it.
   */
  readonly fault?: 'machine' | undefined
}

/** What the check of a teacher's weights is called, before the teacher's name. */
export const teacherCheckName = 'weights of the teacher'

/** Makes a check of a name and how it ended. */
export function checkOf(name: string, outcome: Outcome, detail: string): Check {
  return { name, ok: outcome !== 'failed', outcome, detail }
}

/** Collects the checks of a run and tells of each as it begins and ends. */
export interface Report {
  /**
   * Runs one check: what it returns is the detail, what it throws is the failure.
   * @returns whether it passed
   */
  check(name: string, run: () => string | Promise<string>): Promise<boolean>
  /** Adds what needs no run. */
  add(name: string, outcome: Outcome, detail: string): void
  /** Says that a long check is still at work. */
  alive(): void
}

export interface ReportListener {
  readonly onBegin: (name: string) => void
  readonly onCheck: (check: Check) => void
  readonly onAlive: () => void
}

export function createReport({ onBegin, onCheck, onAlive }: ReportListener): Report {
  const add = (name: string, outcome: Outcome, detail: string) => onCheck(checkOf(name, outcome, detail))
  return {
    async check(name, run) {
      onBegin(name)
      try {
        add(name, 'passed', await run())
        return true
      } catch (thrown) {
        const check = checkOf(name, 'failed', failureOf(thrown))
        onCheck(isMachineFault(thrown) ? { ...check, fault: 'machine' } : check)
        return false
      }
    },
    add,
    alive: onAlive,
  }
}

/** Errors of ours that say what a machine lacks. A file that is not there was there when the run was published. */
const machineCodes: ReadonlySet<string> = new Set([
  ...['storage', 'not-found', 'data-missing', 'checksum-mismatch', 'backend-unavailable', 'interrupted'],
])

/**
 * Whether something was thrown that a machine without disk, memory or files would throw too. A `RangeError` is what an
 * allocation that fails throws; a crafted file can cause one as well.
 */
export function isMachineFault(thrown: unknown): boolean {
  if (thrown instanceof RangeError) return true
  if (thrown instanceof BenchError) return machineCodes.has(thrown.code) || isMachineFault(thrown.cause)
  return thrown instanceof Error && 'syscall' in thrown
}

/** An error in one line, with every problem that it lists. */
export function failureOf(thrown: unknown): string {
  const { message, problems } = benchErrorFromUnknown(thrown)
  return [message, ...problems.map(({ path, message: what }) => `${path}: ${what}`)].join(' ')
}

/** Holds a figure or digest to the one that is expected. */
export function same(found: string, expected: string): string {
  if (found !== expected) throw new Error(`expected ${expected}, found ${found}`)
  return found
}

/** How many differences are told of one check; nobody reads more. */
const toldAtMost = 5

/** @throws Error with the first of the problems, and how many more there are */
export function refuseAny(problems: readonly string[]): void {
  if (problems.length === 0) return
  const more = problems.length - toldAtMost
  const told = problems.slice(0, toldAtMost).join('; ')
  throw new Error(more > 0 ? `${told}; and ${more} more` : told)
}

/** Where two JSON values differ, as sentences: `path` says one thing, `source` gives another. */
export function differing(claimed: unknown, found: unknown, path: string, source: string): string[] {
  if (typeof claimed === 'object' && claimed !== null && typeof found === 'object' && found !== null) {
    const keys = new Set([...Object.keys(claimed), ...Object.keys(found)])
    return [...keys].flatMap((key) =>
      differing(Reflect.get(claimed, key), Reflect.get(found, key), `${path}.${key}`, source),
    )
  }
  return Object.is(claimed, found) ? [] : [`${path} says ${String(claimed)}, ${source} ${String(found)}`]
}
