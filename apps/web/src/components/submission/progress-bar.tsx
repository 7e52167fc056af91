import { percentText } from '../../view/numbers.ts'

/** How much is done, a share from 0 to 1, drawn and in percent. */
export function ProgressBar({ done, label }: { done: number; label: string }) {
  return (
    <div className="flex items-center gap-2">
      <progress
        value={done}
        max={1}
        aria-label={label}
        className="h-1.5 w-28 appearance-none overflow-hidden rounded bg-sunken accent-(--accent) [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent"
      />
      <span className="tabular-nums">{percentText(done, 0)}</span>
    </div>
  )
}
