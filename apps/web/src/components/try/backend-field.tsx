import type { BackendChoice } from './choose-backend.ts'

interface BackendFieldProps {
  readonly value: BackendChoice
  /** Also until the page has hydrated: a choice made before that would be lost. */
  readonly disabled: boolean
  onChange(value: BackendChoice): void
}

const choices: readonly { readonly value: BackendChoice; readonly label: string }[] = [
  { value: 'auto', label: 'automatic' },
  { value: 'webgpu', label: 'WebGPU' },
  { value: 'wasm', label: 'WebAssembly' },
]

/** What is to compute. */
export function BackendField({ value, disabled, onChange }: BackendFieldProps) {
  return (
    <label className="flex flex-wrap items-center gap-2">
      <span>Compute with</span>
      <select
        className="field"
        value={value}
        disabled={disabled}
        onChange={(event) => {
          const chosen = choices.find((choice) => choice.value === event.target.value)
          if (chosen) onChange(chosen.value)
        }}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </label>
  )
}
