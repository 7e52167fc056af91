/**
 * A small WebAssembly assembler: kernels are written as TypeScript that emits code, so that one loop of the
 * generator unrolls a tile, and no compiler or binary file has to be shipped.
 *
 * Only plain simd128 is offered. The relaxed instructions (fused multiply-add) may round differently from
 * one machine to the next, and results here have to be the same everywhere.
 *
 * Binary format and opcodes: https://webassembly.github.io/spec/core/binary/
 */

export type ValueType = 'i32' | 'f32' | 'f64' | 'v128'
export type Code = readonly number[]
/** A variable of the function that is being written. */
export interface Local {
  readonly index: number
  readonly type: ValueType
}
/** Whatever leaves one value on the stack; a plain number is an i32 constant. */
export type Operand = Local | Code | number

const typeCode: Record<ValueType, number> = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b }

/** Unsigned LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = []
  let rest = value >>> 0
  do {
    const low = rest & 0x7f
    rest >>>= 7
    bytes.push(rest === 0 ? low : low | 0x80)
  } while (rest !== 0)
  return bytes
}

/** Signed LEB128 of a 32-bit integer. */
function signed(value: number): number[] {
  const bytes: number[] = []
  let rest = value | 0
  for (;;) {
    const low = rest & 0x7f
    rest >>= 7
    const done = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)
    bytes.push(done ? low : low | 0x80)
    if (done) return bytes
  }
}

function code(operand: Operand): Code {
  if (typeof operand === 'number') return [0x41, ...signed(operand)]
  return 'index' in operand ? [0x20, ...unsigned(operand.index)] : operand
}

type Unary = (a: Operand) => Code
type Binary = (a: Operand, b: Operand) => Code
const unary =
  (...opcode: number[]): Unary =>
  (a) => [...code(a), ...opcode]
const binary =
  (...opcode: number[]): Binary =>
  (a, b) => [...code(a), ...code(b), ...opcode]
const simd = (opcode: number): number[] => [0xfd, ...unsigned(opcode)]

export const i32 = {
  add: binary(0x6a),
  sub: binary(0x6b),
  mul: binary(0x6c),
  and: binary(0x71),
  eq: binary(0x46),
  lessSigned: binary(0x48),
  lessUnsigned: binary(0x49),
  greaterEqualSigned: binary(0x4e),
  /** `a` where `condition` is not 0, else `b`. */
  select: (condition: Operand, a: Operand, b: Operand): Code => [
    ...code(a),
    ...code(b),
    ...code(condition),
    0x1b,
  ],
  load: (pointer: Operand, offset = 0): Code => [...code(pointer), 0x28, 2, ...unsigned(offset)],
}

export const f64 = {
  convertUnsigned: unary(0xb8),
  promote: unary(0xbb),
  div: binary(0xa3),
}

export const f32 = {
  constant: (value: number): Code => {
    const bytes = new DataView(new ArrayBuffer(4))
    bytes.setFloat32(0, value, true)
    return [0x43, ...new Uint8Array(bytes.buffer)]
  },
  load: (pointer: Operand, offset = 0): Code => [...code(pointer), 0x2a, 2, ...unsigned(offset)],
  add: binary(0x92),
  mul: binary(0x94),
}

/** Loads and stores are unaligned in general: alignment hints say 4 bytes, which every machine honours. */
function load(opcode: number): (pointer: Operand, offset?: number) => Code {
  return (pointer, offset = 0) => [...code(pointer), ...simd(opcode), 2, ...unsigned(offset)]
}

export const v128 = {
  load: load(0x00),
  /** One float32 into all four lanes. */
  loadSplat: load(0x09),
  /** One float32 into lane 0, zeros elsewhere. */
  loadLane: load(0x5c),
  store: (pointer: Operand, value: Operand, offset = 0): Code => [
    ...code(pointer),
    ...code(value),
    ...simd(0x0b),
    2,
    ...unsigned(offset),
  ],
  /** Lane 0 of `value` to memory. */
  storeLane: (pointer: Operand, value: Operand, offset = 0): Code => [
    ...code(pointer),
    ...code(value),
    ...simd(0x5a),
    2,
    ...unsigned(offset),
    0,
  ],
  zero: [...simd(0x0c), ...new Array<number>(16).fill(0)] as Code,
  and: binary(...simd(0x4e)),
  /** a and not b. */
  andNot: binary(...simd(0x4f)),
  or: binary(...simd(0x50)),
}

export const f32x4 = {
  splat: unary(...simd(0x13)),
  add: binary(...simd(0xe4)),
  sub: binary(...simd(0xe5)),
  mul: binary(...simd(0xe6)),
  max: binary(...simd(0xe9)),
  sqrt: unary(...simd(0xe3)),
  div: binary(...simd(0xe7)),
  /** All ones where a = b, else zeros. */
  equal: binary(...simd(0x41)),
  /** All ones where a > b, else zeros. */
  greater: binary(...simd(0x44)),
}

export const f64x2 = {
  splat: unary(...simd(0x14)),
  /** Lanes 0 and 1 of four float32 as two float64. */
  promoteLow: unary(...simd(0x5f)),
  add: binary(...simd(0xf0)),
}

/** Moves lanes 2 and 3 to lanes 0 and 1. */
export const upperHalf: Unary = (a) => [
  ...code(a),
  ...code(a),
  ...simd(0x0d),
  ...[8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15],
]

/** Writes one function's body, statement by statement. */
export class FunctionWriter {
  private readonly body: number[] = []
  private readonly types: ValueType[] = []

  constructor(private readonly parameterCount: number) {}

  local(type: ValueType): Local {
    this.types.push(type)
    return { index: this.parameterCount + this.types.length - 1, type }
  }

  locals(type: ValueType, count: number): Local[] {
    return Array.from({ length: count }, () => this.local(type))
  }

  /** Variables of one type by name: `const { row, column } = f.named('i32', 'row', 'column')`. */
  named<Name extends string>(type: ValueType, ...names: Name[]): Readonly<Record<Name, Local>> {
    const locals = names.map((name) => [name, this.local(type)] as const)
    return Object.fromEntries(locals) as Record<Name, Local>
  }

  /** Appends code that leaves nothing on the stack, such as a store. */
  emit(statement: Code): void {
    for (const byte of statement) this.body.push(byte)
  }

  set(target: Local, value: Operand): void {
    this.emit([...code(value), 0x21, ...unsigned(target.index)])
  }

  /** `target += value` for i32. */
  increase(target: Local, value: Operand): void {
    this.set(target, i32.add(target, value))
  }

  if(condition: Operand, then: () => void, otherwise?: () => void): void {
    this.emit([...code(condition), 0x04, 0x40])
    then()
    if (otherwise !== undefined) {
      this.emit([0x05])
      otherwise()
    }
    this.emit([0x0b])
  }

  /** Runs `body` while `condition` holds, testing at the end of each round as machine loops do. */
  while(condition: () => Operand, body: () => void): void {
    this.if(condition(), () => {
      this.emit([0x03, 0x40])
      body()
      this.emit([...code(condition()), 0x0d, 0, 0x0b])
    })
  }

  /** Counts `index` from `from` in steps of `step` while `index + step - 1 < end`, and leaves it there. */
  for(index: Local, from: Operand, end: Operand, step: number, body: () => void): void {
    this.set(index, from)
    this.while(
      () => i32.lessSigned(i32.add(index, step - 1), end),
      () => {
        body()
        this.increase(index, step)
      },
    )
  }

  /** Fills `bytes` bytes from `pointer` on with zeros. */
  clear(pointer: Operand, bytes: Operand): void {
    this.emit([...code(pointer), ...code(0), ...code(bytes), 0xfc, 11, 0])
  }

  /** The code section's entry. */
  finish(): number[] {
    const locals = this.types.flatMap((type) => [1, typeCode[type]])
    const content = [...unsigned(this.types.length), ...locals, ...this.body, 0x0b]
    return [...unsigned(content.length), ...content]
  }
}

/** A function to be assembled: its exported name, its parameters, and what writes its body. */
export interface FunctionSource {
  readonly name: string
  readonly parameters: readonly ValueType[]
  readonly entry: number[]
}

/** Writes a function whose parameters are named and typed by `parameters`, in that order. */
export function defineFunction<Name extends string>(
  name: string,
  parameters: Readonly<Record<Name, ValueType>>,
  write: (f: FunctionWriter, p: Readonly<Record<Name, Local>>) => void,
): FunctionSource {
  const entries = Object.entries(parameters) as [Name, ValueType][]
  const named = Object.fromEntries(entries.map(([key, type], index) => [key, { index, type }]))
  const f = new FunctionWriter(entries.length)
  write(f, named as Record<Name, Local>)
  return { name, parameters: entries.map(([, type]) => type), entry: f.finish() }
}

function section(id: number, items: readonly (readonly number[])[]): number[] {
  const content = [...unsigned(items.length), ...items.flat()]
  return [id, ...unsigned(content.length), ...content]
}

function text(value: string): number[] {
  const bytes = [...new TextEncoder().encode(value)]
  return [...unsigned(bytes.length), ...bytes]
}

/** A module that imports `env.memory` and exports every function by its name. */
export function assemble(functions: readonly FunctionSource[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [
    0x60,
    ...unsigned(parameters.length),
    ...parameters.map((type) => typeCode[type]),
    0,
  ])
  const memory = [...text('env'), ...text('memory'), 0x02, 0x00, ...unsigned(1)]
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, types),
    ...section(2, [memory]),
    ...section(
      3,
      functions.map((_, i) => unsigned(i)),
    ),
    ...section(
      7,
      functions.map(({ name }, i) => [...text(name), 0x00, ...unsigned(i)]),
    ),
    ...section(
      10,
      functions.map(({ entry }) => entry),
    ),
  ])
}
