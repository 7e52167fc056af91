import { Section } from '../../../components/section.tsx'

/** Why entries share a rank. */
export function RanksSection() {
  return (
    <Section id="ranks" title="How ranks are made">
      <div className="prose">
        <p>
          Entries share a rank when their last exits do not differ significantly. Ranks are computed for the
          whole track, whatever is filtered:
        </p>
        <ol>
          <li>
            Entries of two or more seeds are ordered by mean accuracy over seeds, then by name. An entry of
            one seed is listed behind them without a rank, since nothing shows how its other seeds would have
            turned out.
          </li>
          <li>
            Each is compared with the leader, and with the track's baseline, which is the joint-training entry
            with the most seeds. A comparison covers seeds and test images together: the variance between
            seeds, the variance between images and the residual variance are estimated from the runs, and
            Student's t gives the interval and p.
          </li>
          <li>
            Any entry might have been the leader, so comparisons with it are corrected by Holm's method among
            all pairs of the table. The baseline is known beforehand: comparisons with it are corrected among
            themselves.
          </li>
          <li>
            Going down the order, the first entry leads a group. An entry that differs significantly from the
            leader of its group starts the next group; any other joins it.
          </li>
        </ol>
        <p>
          A group's rank is the position of its leader: 1, 1, 3 and so on. A shared rank means that no
          significant difference was found, not that the entries are equal.
        </p>
        <p>
          “About 4 more seeds” is how many each of the two entries would need for a significant difference, if
          the difference and the spread over seeds stay as they are. “Too few test images” means that no
          number of seeds would be enough.
        </p>
        <p>
          The front page ranks the entries within each budget (1 M, 10 M, 100 M and 1 G MACs) in the same way,
          each by its deepest exit that fits the budget. Its leader is the best of many, so its p against
          joint training is corrected for all entries of the table: a lead whose interval excludes zero may
          still be chance.
        </p>
        <p>
          An entry is an experiment: a spec without its name, description and seeds. More seeds add runs to
          its row. They count from 1 without a gap, so that nobody can train many and show the best.
        </p>
        <p>
          The comparison of up to six entries, exit by exit, is on the page that <em>Compare selected</em>{' '}
          opens. The site, its API, <code>mate-bench report</code> and a browser all use the same function.
        </p>
      </div>
    </Section>
  )
}
