/** The field's terms as this site uses them. */
export interface GlossaryTerm {
  /** Its place on the glossary's page. */
  readonly id: string
  readonly term: string
  /** One or two sentences, which a tooltip shows whole. */
  readonly text: string
  /** Where more is said, on this site. */
  readonly href?: string
}

/** In alphabetical order of their terms. */
export const glossary = [
  {
    id: 'agreement',
    term: 'agreement',
    text: 'Share of test images on which two exits predict the same class.',
  },
  {
    id: 'auroc',
    term: 'AUROC',
    text: 'How well an exit’s confidence separates right answers from wrong ones: 1 is perfect, 0.5 is chance.',
  },
  {
    id: 'backbone',
    term: 'backbone',
    text: 'The network that exits are attached to, such as ResNet-18.',
    href: '/backbones',
  },
  {
    id: 'baseline',
    term: 'baseline',
    text: 'Joint training: the sum of the cross-entropies of all exits. Other methods add to it.',
    href: '/methods/joint',
  },
  {
    id: 'budgeted',
    term: 'budgeted classification',
    text: 'Easy images leave at early exits, hard ones go on, so that the average cost stays within a budget. Thresholds are fitted on the validation split.',
  },
  {
    id: 'calibration',
    term: 'calibration',
    text: 'How well confidence matches accuracy: of the predictions made with 80\u202f% confidence, 80\u202f% should be right.',
  },
  {
    id: 'confidence',
    term: 'confidence',
    text: 'The largest softmax probability of an exit.',
  },
  {
    id: 'ece',
    term: 'ECE',
    text: 'Expected calibration error: the mean gap between confidence and accuracy over 15 bins of equal width. 0 is best.',
  },
  {
    id: 'ensemble',
    term: 'ensemble',
    text: 'The mean of the probabilities of all exits. It costs what the last exit costs when every head runs.',
  },
  {
    id: 'entry',
    term: 'entry',
    text: 'The runs of one experiment on one track, aggregated: a row of the board.',
  },
  {
    id: 'exit',
    term: 'exit',
    text: 'A classifier inside a network. Exit 1 is the shallowest; the last one is at the end of the backbone.',
  },
  {
    id: 'experiment',
    term: 'experiment',
    text: 'A spec without its name, description and seeds: what is trained, seed by seed.',
  },
  {
    id: 'flops',
    term: 'FLOPs',
    text: 'Floating-point operations, counted as twice the MACs.',
    href: '/docs#costs',
  },
  {
    id: 'frontier',
    term: 'frontier',
    text: 'The exits that no other exit beats with at least the same accuracy at the same or a lower cost.',
    href: '/docs#chart',
  },
  {
    id: 'head',
    term: 'head',
    text: 'The layers that turn a feature map of the backbone into the logits of an exit.',
  },
  {
    id: 'interval',
    term: 'interval',
    text: 'A 95\u202f% confidence interval over seeds and test images together.',
    href: '/docs#intervals',
  },
  {
    id: 'isolated-macs',
    term: 'isolated MACs',
    text: 'Backbone up to the exit, and the exit’s own head: what a network with this exit alone would pay.',
    href: '/docs#costs',
  },
  {
    id: 'ledger',
    term: 'ledger',
    text: 'An append-only list of every run that was started, kept as a Merkle tree so that any change shows.',
  },
  {
    id: 'macs',
    term: 'MACs',
    text: 'Multiply-accumulates of convolution and linear layers for one image.',
    href: '/docs#costs',
  },
  {
    id: 'manifest',
    term: 'manifest',
    text: 'The JSON document of a finished run: everything needed to repeat it and to check it.',
  },
  {
    id: 'nll',
    term: 'NLL',
    text: 'Negative log-likelihood of the true class, in nats. Lower is better.',
  },
  {
    id: 'overthinking',
    term: 'overthinking',
    text: 'Computing past a right answer: an early exit is right and the network goes on (wasteful), or goes on to a wrong answer at the last exit (destructive).',
  },
  {
    id: 'published-number',
    term: 'published number',
    text: 'A number printed in a paper, with its citation. It is not a run and is never ranked with runs.',
  },
  {
    id: 'rank',
    term: 'rank',
    text: 'Place of an entry by its last exit. Entries that do not differ significantly share a rank; an entry with one seed has none.',
    href: '/docs#ranks',
  },
  {
    id: 'run',
    term: 'run',
    text: 'One spec trained with one seed.',
  },
  {
    id: 'seed',
    term: 'seed',
    text: 'The number that determines all randomness of a run. Seeds count from 1 without a gap, so that nobody can show the best of many.',
  },
  {
    id: 'sequential-macs',
    term: 'sequential MACs',
    text: 'Backbone up to the exit, and every head on the way: what early-exit inference pays.',
    href: '/docs#costs',
  },
  {
    id: 'significant',
    term: 'significant difference',
    text: 'A difference with p < 0.05: crossed random effects of seeds and test images, Student’s t, Holm’s correction within the table.',
    href: '/docs#ranks',
  },
  {
    id: 'spec',
    term: 'spec',
    text: 'What to train and how to evaluate it: one JSON file, identified by its digest.',
    href: '/specs',
  },
  {
    id: 'tier',
    term: 'tier',
    text: 'How far a run has been checked: reported, recomputed, re-evaluated, retrained, or retrained by a third party.',
    href: '/docs#tiers',
  },
  {
    id: 'top-1',
    term: 'top-1',
    text: 'Share of test images for which the class with the largest probability is the true one.',
  },
  {
    id: 'top-5',
    term: 'top-5',
    text: 'Share of test images whose true class is among the five with the largest probability.',
  },
  {
    id: 'track',
    term: 'track',
    text: 'Dataset, splits, preprocessing, evaluation protocol and cost convention, as one digest. Only entries of one track share a table.',
  },
] as const satisfies readonly GlossaryTerm[]

export type GlossaryId = (typeof glossary)[number]['id']

/** What a term means. */
export function meaningOf(id: GlossaryId): string {
  return glossary.find((entry) => entry.id === id)?.text ?? ''
}
