/**
 * Instruction sets that oneDNN has float32 code for, widest first, with their bits in `dnnl_cpu_isa_t` (the same in
 * versions 2 and 3). What lies between and beyond (VNNI, bfloat16, AMX) changes nothing for float32, so that
 * machines with and without compute alike.
 */
export const isaBits = {
  avx512_core: 0x27,
  avx2: 0x7,
  avx: 0x3,
  sse41: 0x1,
} as const

export type Isa = keyof typeof isaBits

export const isaNames = Object.keys(isaBits) as readonly Isa[]

export function isIsa(name: string): name is Isa {
  return Object.hasOwn(isaBits, name)
}

/** The widest of `isaNames` that `bits`, as oneDNN reports them, include. */
export function widestIsa(bits: number): Isa | undefined {
  return isaNames.find((name) => (bits & isaBits[name]) === isaBits[name])
}
