import type { BoardRow } from './board-rows.ts'

/** What a column of the board's files holds. */
export interface BoardColumn {
  readonly type: 'text' | 'count' | 'number' | 'flag'
  /** For people and for catalogues of data: units and ranges. */
  readonly description: string
}

/** In the order of the files. */
export const boardColumns: Readonly<Record<keyof BoardRow, BoardColumn>> = {
  rank: count('Rank of the entry by its last exit; entries that do not differ significantly share one.'),
  entry: text('Id of the entry: all runs of one experiment on this track.'),
  name: text('Name of the spec that the entry was trained from.'),
  method: text('Training method.'),
  backbone: text('Backbone that the exits are attached to.'),
  network: text('Backbone with its depth and width, as papers name theirs.'),
  head: text('What turns a feature map into the logits of an exit.'),
  tier: text('How far the entry has been checked.'),
  backends: text('What it was trained with, separated by spaces.'),
  synthetic: flag('Whether it was made up for a load test.'),
  n: count('Seeds that the means are over.'),
  exit: text('1 is the shallowest; "ensemble" is the mean probability of all exits.'),
  top1: share('Top-1 accuracy on the test split, mean over seeds'),
  top1Lower: share('Lower end of the 95 % interval of top1'),
  top1Upper: share('Upper end of the 95 % interval of top1'),
  top1Sd: number('Standard deviation of top1 over seeds; empty for one seed.'),
  intervalSeedShare: text("Where the interval's spread between seeds comes from: own, track or unknown."),
  toLeader: number("Top-1 of the entry's last exit minus that of the leader."),
  toLeaderLower: number('Lower end of the 95 % interval of toLeader.'),
  toLeaderUpper: number('Upper end of the 95 % interval of toLeader.'),
  toBaseline: number("Top-1 of the entry's last exit minus that of joint training."),
  toBaselineLower: number('Lower end of the 95 % interval of toBaseline.'),
  toBaselineUpper: number('Upper end of the 95 % interval of toBaseline.'),
  top5: share('Top-5 accuracy, mean over seeds'),
  nll: number('Negative log-likelihood in nats, mean over seeds.'),
  ece: share('Expected calibration error in 15 bins, mean over seeds'),
  auroc: share('AUROC of confidence against correctness, mean over seeds'),
  isolatedMacs: count("Multiply-accumulates per image: the backbone up to the exit and the exit's own head."),
  sequentialMacs: count(
    'Multiply-accumulates per image: the backbone up to the exit and every head on the way.',
  ),
  sequentialFlops: count('Twice sequentialMacs.'),
  parameters: count('Parameters of the network up to the exit.'),
  top1Within1MMacs: within('1 million'),
  top1Within10MMacs: within('10 million'),
  top1Within100MMacs: within('100 million'),
  top1Within1GMacs: within('1 billion'),
  specDigest: text('SHA-256 of the spec.'),
}

function text(description: string): BoardColumn {
  return { type: 'text', description }
}

function count(description: string): BoardColumn {
  return { type: 'count', description }
}

function number(description: string): BoardColumn {
  return { type: 'number', description }
}

function share(description: string): BoardColumn {
  return { type: 'number', description: `${description}; from 0 to 1.` }
}

function flag(description: string): BoardColumn {
  return { type: 'flag', description }
}

function within(budget: string): BoardColumn {
  return share(
    `Top-1 of the entry's deepest exit that costs at most ${budget} sequential MACs, empty where none does`,
  )
}
