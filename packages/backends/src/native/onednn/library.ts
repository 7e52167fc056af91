import { type IsaName, isaNames } from '../../isa.ts'
import {
  cpuEngine,
  inOrderStream,
  isaBits,
  queryArgument,
  runtimes,
  statusNames,
  userScratchpad,
  versionMembers,
} from './constants.ts'
import { type Check, created, type Descriptor, type Dialect, openDialect } from './dialect.ts'
import type { Foreign, ForeignFunction, SharedLibrary } from './foreign.ts'

export interface LibrarySettings {
  readonly threads: number
  /** Widest that may be used; absent: the widest that this machine has. */
  readonly isa?: IsaName | undefined
}

const pointer = 'void *'

function signatures(library: SharedLibrary) {
  const int = (name: string, ...args: string[]) => library.func(name, 'int', args)
  return {
    engineCreate: int('dnnl_engine_create', '_Out_ void **', 'int', 'size_t'),
    streamCreate: int('dnnl_stream_create', '_Out_ void **', pointer, 'uint'),
    streamWait: int('dnnl_stream_wait', pointer),
    attributesCreate: int('dnnl_primitive_attr_create', '_Out_ void **'),
    setScratchpadMode: int('dnnl_primitive_attr_set_scratchpad_mode', pointer, 'int'),
    setCacheCapacity: int('dnnl_set_primitive_cache_capacity', 'int'),
    descriptorDestroy: int('dnnl_primitive_desc_destroy', pointer),
    descriptorQuery: library.func('dnnl_primitive_desc_query_md', pointer, [pointer, 'int', 'int']),
    descriptorSize: library.func('dnnl_memory_desc_get_size', 'size_t', [pointer]),
    descriptorsEqual: int('dnnl_memory_desc_equal', pointer, pointer),
    reorderCreate: int(
      'dnnl_reorder_primitive_desc_create',
      '_Out_ void **',
      pointer,
      pointer,
      pointer,
      pointer,
      pointer,
    ),
    primitiveCreate: int('dnnl_primitive_create', '_Out_ void **', pointer),
    primitiveDestroy: int('dnnl_primitive_destroy', pointer),
    primitiveExecute: int('dnnl_primitive_execute', pointer, pointer, 'int', pointer),
    memoryCreate: int('dnnl_memory_create', '_Out_ void **', pointer, pointer, pointer),
    memoryDestroy: int('dnnl_memory_destroy', pointer),
    multiply: int(
      'dnnl_sgemm',
      'char',
      'char',
      ...Array<string>(3).fill('int64_t'),
      'float',
      'uintptr_t',
      'int64_t',
      'uintptr_t',
      'int64_t',
      'float',
      'uintptr_t',
      'int64_t',
    ),
    // As an integer of a pointer's size, so that no object has to be made for an address.
    memorySetHandle: int('dnnl_memory_set_data_handle', pointer, 'uintptr_t'),
  }
}

/**
 * oneDNN, set up once for the process: threads, instruction set, and everything else that the environment could
 * change the results with.
 */
export class Library {
  private constructor(
    readonly version: string,
    readonly isa: IsaName | undefined,
    readonly threads: number,
    readonly call: ReturnType<typeof signatures>,
    readonly dialect: Dialect,
    readonly engine: bigint,
    readonly stream: bigint,
    /** Attributes of every primitive: scratch memory is the caller's. */
    readonly attributes: bigint,
  ) {}

  /**
   * @param library oneDNN, nothing of which has been called yet in this process
   * @param openMp where the functions of the OpenMP are found whose threads it uses
   * @throws Error where it is a version, a build or a machine that can't be used as `settings` say
   */
  static open(
    library: SharedLibrary,
    openMp: SharedLibrary,
    foreign: Foreign,
    settings: LibrarySettings,
  ): Library {
    const { major, minor, patch, cpuRuntime } = readVersion(library, foreign)
    const version = `${major}.${minor}.${patch}`
    const dialect = openDialect(major, library, check)
    if (dialect === undefined) throw new Error(`oneDNN ${version} is neither version 2 nor 3`)
    setThreads(openMp, cpuRuntime, settings.threads)
    const isa = setIsa(library, settings.isa)
    neutraliseEnvironment(library)
    const call = signatures(library)
    // What is kept is bounded by the cache of the kernels; the library's own would keep each primitive again.
    check(call.setCacheCapacity(0), 'the capacity of its cache')
    const engine = created(check, 'an engine', call.engineCreate, cpuEngine, 0)
    const stream = created(check, 'a stream', call.streamCreate, engine, inOrderStream)
    const attributes = created(check, 'attributes', call.attributesCreate)
    check(call.setScratchpadMode(attributes, userScratchpad), 'the scratchpad')
    return new Library(version, isa, settings.threads, call, dialect, engine, stream, attributes)
  }

  readonly check: Check = check

  /** Bytes of a memory of this layout. */
  sizeOf(descriptor: Descriptor): number {
    return Number(this.call.descriptorSize(descriptor))
  }

  /** The layout that a primitive descriptor wants for an argument; lives as long as the primitive descriptor. */
  layoutOf(primitiveDescriptor: bigint, argument: number): bigint {
    const found = this.call.descriptorQuery(primitiveDescriptor, queryArgument, argument)
    if (typeof found !== 'bigint') throw new Error(`oneDNN has no layout for argument ${argument}`)
    return found
  }

  /** A memory over an address that is set later. */
  createMemory(descriptor: Descriptor): bigint {
    return created(check, 'a memory', this.call.memoryCreate, descriptor, this.engine, null)
  }
}

function check(status: unknown, what: string): void {
  if (status === 0) return
  throw new Error(`oneDNN refused ${what}: ${statusNames[Number(status)] ?? `status ${status}`}`)
}

function readVersion(library: SharedLibrary, foreign: Foreign) {
  const found = library.func('dnnl_version', pointer, [])()
  if (typeof found !== 'bigint') throw new Error('the library does not say its version')
  const { major, minor, patch, cpuRuntime } = foreign.decode(found, versionMembers)
  return {
    major: Number(major),
    minor: Number(minor),
    patch: Number(patch),
    cpuRuntime: Number(cpuRuntime),
  }
}

/**
 * Sets the number of OpenMP threads, whatever OMP_NUM_THREADS says: the variable is read when the library is
 * loaded, the function counts from then on.
 */
function setThreads(openMp: SharedLibrary, runtime: number, threads: number): void {
  if (runtime === runtimes.sequential) {
    if (threads === 1) return
    throw new Error('this build of oneDNN has no threads')
  }
  if (runtime !== runtimes.openMp) {
    throw new Error('this build of oneDNN has no OpenMP, so that its threads cannot be counted')
  }
  openMp.func('omp_set_dynamic', 'void', ['int'])(0)
  openMp.func('omp_set_num_threads', 'void', ['int'])(threads)
}

/**
 * Limits the instruction set, before anything has asked for it. Without a limit there is one all the same: what lies beyond
 * the last of `isaNames` (bfloat16, AMX) changes nothing for float32, so that machines with and without compute alike.
 *
 * @returns the one that is used; undefined where oneDNN has none to choose, as on ARM
 */
function setIsa(library: SharedLibrary, asked: IsaName | undefined): IsaName | undefined {
  const set = library.func('dnnl_set_max_cpu_isa', 'int', ['int'])
  const effective = library.func('dnnl_get_effective_cpu_isa', 'int', [])
  if (set(isaBits[asked ?? 'avx512_core']) !== 0) return undefined
  const found = Number(effective())
  return isaNames.findLast((name) => (found & isaBits[name]) === isaBits[name])
}

/** Takes from the environment what it may change results with: ONEDNN_CPU_ISA_HINTS and ONEDNN_DEFAULT_FPMATH_MODE. */
function neutraliseEnvironment(library: SharedLibrary): void {
  const settings: readonly (readonly [string, number])[] = [
    ['dnnl_set_cpu_isa_hints', 0],
    ['dnnl_set_default_fpmath_mode', 0],
  ]
  for (const [name, value] of settings) {
    const set = optional(library, name)
    set?.(value)
  }
}

/** A setter of one integer that older versions do not have. */
function optional(library: SharedLibrary, name: string): ForeignFunction | undefined {
  try {
    return library.func(name, 'int', ['int'])
  } catch {
    return undefined
  }
}
