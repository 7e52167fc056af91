import type { Foreign } from './onednn/foreign.ts'
import type { Library } from './onednn/library.ts'
import { type Operand, Primitive } from './onednn/primitive.ts'
import { Workspace } from './onednn/workspace.ts'
import { PrimitiveCache } from './primitive-cache.ts'
import type { TensorMemory } from './tensor-memory.ts'

/**
 * Primitives that are kept. Each holds its machine code and tables, 100 to 400 KB; a network of 120 different layers has 360
 * of them.
 */
const cachedPrimitives = 512

/** What a kernel of the native backend computes with. */
export class Compute {
  private readonly cache = new PrimitiveCache<Primitive>(cachedPrimitives)
  private readonly workspace: Workspace

  constructor(
    readonly library: Library,
    readonly memory: TensorMemory,
    foreign: Foreign,
  ) {
    this.workspace = new Workspace(foreign)
  }

  /**
   * The primitive called `key`, from the cache where it is there. It may be destroyed at the next call: run it at once.
   *
   * @param describe makes its primitive descriptor and says which operands `run` will get
   */
  primitive(
    key: string,
    describe: (library: Library) => { descriptor: bigint; operands: readonly Operand[] },
  ): Primitive {
    return this.cache.get(key, () => {
      const { descriptor, operands } = describe(this.library)
      return new Primitive(this.library, this.workspace, descriptor, operands)
    })
  }
}
