/** A function of a shared library. Its arguments are checked by nobody: only `api.ts` and the dialects call one. */
export type ForeignFunction = (...args: readonly unknown[]) => unknown

/** A shared library that stays loaded until the process ends. */
export interface SharedLibrary {
  /** @throws Error where the library, and what it is linked to, has no such function */
  func(name: string, result: string, args: readonly string[]): ForeignFunction
}

/** What is used of koffi, which is typed with `any` itself. */
export interface Foreign {
  readonly version: string
  load(path: string): SharedLibrary
  /** Address of the first byte of a buffer, which must be kept for as long as the address is used. */
  address(buffer: ArrayBufferLike | ArrayBufferView): number
  /** The C structure at `pointer`. */
  decode(pointer: bigint, members: Readonly<Record<string, string>>): Record<string, unknown>
}

/**
 * Loads koffi, an optional dependency with a binary for every platform that Node has one for.
 *
 * @throws Error where it is not installed, or has no binary for this platform
 */
export async function openForeign(): Promise<Foreign> {
  const { default: koffi } = await import('koffi').catch((thrown: unknown) => {
    const missing = thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_MODULE_NOT_FOUND'
    throw missing
      ? new Error('koffi is not installed, which `npm ci` brings without --omit=optional')
      : thrown
  })
  return {
    version: koffi.version,
    load(path) {
      const library = koffi.load(path)
      return {
        func: (name, result, args) => library.func(name, result, [...args]) as ForeignFunction,
      }
    },
    // User space ends at 2^47 (2^56 with five levels of page tables, which nobody gets unasked): exact as a number.
    address: (buffer) => Number(koffi.address(buffer)),
    decode: (pointer, members) => koffi.decode(pointer, koffi.struct({ ...members })),
  }
}
