import type { Method, MethodNeeds, NeedFacts } from './method.ts'

/** What a method takes in training beside a batch and its forward pass, a phrase a need; empty where that is nothing. */
export function describeNeeds({ views = 1, partners, memory, copy }: MethodNeeds): string[] {
  return [
    ...(views > 1 ? ['a second view of each image'] : []),
    ...(partners?.pass === 'together'
      ? [
          `${partners.count} other ${partners.count === 1 ? 'image' : 'images'} of its class beside each image`,
        ]
      : []),
    ...(partners?.pass === 'apart' ? ['a forward pass of another image of its class for each image'] : []),
    ...(memory ? ['a memory of every training image'] : []),
    ...(copy ? ['a frozen copy of the network'] : []),
  ]
}

/** A run of usual length on CIFAR-100 with four exits: what a method takes is told of it. */
export const usualRun: NeedFacts = { exits: 4, classes: 100, epochs: 200 }

/** What a method needs with its default options, in the usual run. */
export function usualNeeds(method: Method): MethodNeeds {
  return method.needs?.(method.options.parse({ name: method.name }), usualRun) ?? {}
}
