interface Preset {
  readonly name: string
  readonly summary: string
  readonly options: Readonly<Record<string, unknown>>
}

/** Presets of a method: whose settings they are, and what a spec says that names one. */
export function PresetList({ presets }: { presets: readonly Preset[] }) {
  return presets.map(({ name, summary, options }) => (
    <div key={name} className="card mb-3 px-4 py-3">
      <h3 className="font-mono text-[0.95em]">{name}</h3>
      <p className="mt-1 max-w-[75ch]">{summary}</p>
      <p className="mt-1.5 font-mono text-[0.85em] text-soft">
        {Object.entries(options)
          .map(([option, value]) => `${option} ${JSON.stringify(value)}`)
          .join(', ')}
      </p>
    </div>
  ))
}
