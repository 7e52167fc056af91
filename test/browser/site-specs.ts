import { tinySpec } from '../support/tiny-spec.ts'

const small = tinySpec()

/** What the site under test shows: two entries of the same cost, and one that is wider and rests on one seed. */
export const siteSpecs = [
  tinySpec({ name: 'tiny-mate', description: '<script>alert(1)</script> & "quotes"' }),
  tinySpec({ name: 'tiny-joint', method: { name: 'joint' } }),
  tinySpec({
    name: 'wide-joint',
    method: { name: 'joint' },
    model: { ...small.model, backbone: { name: 'resnet', depth: 8, width: 4 } },
    seeds: [1],
  }),
]
