/**
 * The description of a network: plain data, read three ways (forward pass, cost ledger, parameters).
 * Pure: no tfjs, no Node built-in, so that a browser can plan a spec from it.
 */

/** Height, width, channels of one image's feature map. Batch is left out everywhere in a description. */
export type MapShape = readonly [height: number, width: number, channels: number]
/** Feature vector of one image. */
export type VectorShape = readonly [width: number]
export type Shape = MapShape | VectorShape

/** `same` as TensorFlow pads, or pixels on every side as other frameworks write it (0 is `valid`). */
export type Padding = 'same' | number

export type Operation =
  | { kind: 'input' }
  | { kind: 'conv'; filters: number; kernel: number; stride: number; padding: Padding; bias: boolean }
  /** Group i of the input's channels goes to group i of the filters, and to no other. */
  | {
      kind: 'grouped-conv'
      groups: number
      filters: number
      kernel: number
      stride: number
      padding: Padding
      bias: boolean
    }
  | { kind: 'depthwise-conv'; kernel: number; stride: number; padding: Padding; bias: boolean }
  | { kind: 'linear'; units: number; bias: boolean }
  | { kind: 'batch-norm'; momentum: number; epsilon: number }
  | { kind: 'relu' }
  /** min(max(x, 0), 6). */
  | { kind: 'relu6' }
  | { kind: 'sigmoid' }
  | { kind: 'max-pool'; size: number; stride: number; padding: Padding }
  | { kind: 'avg-pool'; size: number; stride: number; padding: Padding }
  | { kind: 'global-avg-pool' }
  /** Bilinear with half-pixel centres, to the given size: odd maps need not be a multiple of what they came from. */
  | { kind: 'upsample'; height: number; width: number }
  | { kind: 'flatten' }
  | { kind: 'dropout'; rate: number }
  | { kind: 'add' }
  | { kind: 'multiply' }
  | { kind: 'concat' }

/** Who pays for a node: the backbone up to exit `segment` (1-based), or the head of exit `exit`. */
export type Owner = { part: 'backbone'; segment: number } | { part: 'head'; exit: number }

export interface Node {
  /** Unique and readable, such as `stage2.block0.conv1`; parameters are named after it. */
  readonly name: string
  readonly operation: Operation
  /** Names of earlier nodes. Nodes stand in an order in which they can be computed. */
  readonly inputs: readonly string[]
  readonly shape: Shape
  readonly owner: Owner
  /** The attach point that the node belongs to, such as `stage2` or `block3`; `head1` for heads. */
  readonly stage: string
}

export interface Exit {
  /** 1 is the shallowest. */
  readonly k: number
  /** The attach point in the backbone, as the spec names it. */
  readonly after: string
  /** Node whose output is the head's last feature map before pooling (a vector where there is none). */
  readonly featureMap: string
  /** Node whose output is the feature vector f_k. */
  readonly feature: string
  /** Width D_k of the feature vector. */
  readonly featureWidth: number
  /** Node whose output is the logits z_k. */
  readonly logits: string
  /**
   * Weights of the logits of exits 1..k whose sum this exit predicts by, where its own are not all that counts
   * (`withLogitSums`).
   */
  readonly logitWeights?: readonly number[]
}

export interface Network {
  readonly inputShape: MapShape
  readonly classes: number
  readonly nodes: readonly Node[]
  /** Nodes of the architecture that no exit reads: neither computed nor counted. */
  readonly leftOut: readonly Node[]
  readonly exits: readonly Exit[]
}

export type ParameterRole = 'kernel' | 'bias' | 'gamma' | 'beta' | 'running-mean' | 'running-variance'

export interface ParameterDescription {
  /** `${node}.weight`, `.bias`, `.gamma`, `.beta`, `.mean`, `.variance`. */
  readonly name: string
  readonly node: string
  readonly role: ParameterRole
  /** Convolutions HWIO (grouped ones with the channels of one group as I, depthwise HWC1), linear layers in x out. */
  readonly shape: readonly number[]
  readonly trainable: boolean
}
