import { createRandom } from '@mate-bench/stats'

/** Rows that a batch has besides its images, as they are augmented once. */
export interface RowOptions {
  /** Views of each image, each augmented for itself. Default: 1. */
  readonly views?: number
  /** Images of its own class that are drawn for each image. Default: none. */
  readonly partners?: { readonly count: number; readonly distinct: boolean }
}

/** Draws images of the same class. */
export interface PartnerDraw {
  readonly count: number
  /** `count` positions in the published set: the partners of the image at `index` in `epoch`. */
  draw(index: number, epoch: number): number[]
}

export interface PartnerDrawOptions {
  /** Of the published set. */
  readonly labels: ArrayLike<number>
  /** Images to draw from: the training split. */
  readonly indices: Uint32Array
  readonly seed: number
  readonly count: number
  /**
   * Others than the image and than each other. Where the class has too few for that, others than the image; where it has
   * no other, the image itself.
   */
  readonly distinct: boolean
}

/** What is drawn depends on (seed, epoch, image) alone, not on what was drawn before. */
export function createPartnerDraw({
  labels,
  indices,
  seed,
  count,
  distinct,
}: PartnerDrawOptions): PartnerDraw {
  const members = new Map<number, number[]>()
  const placeOf = new Map<number, number>()
  for (const index of indices) {
    const label = labels[index] as number
    const own = members.get(label) ?? []
    members.set(label, own)
    placeOf.set(index, own.push(index) - 1)
  }
  return {
    count,
    draw(index, epoch) {
      const own = members.get(labels[index] as number) ?? []
      const place = placeOf.get(index)
      if (place === undefined) throw new RangeError(`Image ${index} is not in the training split`)
      const random = createRandom(seed, 'partners', epoch, index)
      if (!distinct || own.length === 1) {
        return Array.from({ length: count }, () => own[random.integer(own.length)] as number)
      }
      const others = own.length - 1
      const drawn: number[] = []
      while (drawn.length < count) {
        const at = random.integer(others)
        const partner = own[at < place ? at : at + 1] as number
        if (count > others || !drawn.includes(partner)) drawn.push(partner)
      }
      return drawn
    },
  }
}
