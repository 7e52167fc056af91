import type { ReactNode } from 'react'

/** Paper and ink of the pictures that stand for links; they are drawn without the site's style sheet. */
export const ogColours = {
  page: '#fbfbfa',
  ink: '#17181b',
  soft: '#585b63',
  accent: '#0b5a8f',
}

/** A picture's frame: the name of the site above, content below. */
export function OgFrame({ children }: { children: ReactNode }) {
  return (
    <div
      style={{
        display: 'flex',
        flexDirection: 'column',
        width: '100%',
        height: '100%',
        padding: 64,
        background: ogColours.page,
        color: ogColours.ink,
      }}
    >
      <div style={{ display: 'flex', alignItems: 'center', gap: 16, fontSize: 34 }}>
        <svg width="52" height="52" viewBox="0 0 20 20" aria-hidden="true">
          <path
            d="M3 17 C7 17 8 4 17 4 M7.2 13.5 H13 M10.4 8.5 H15"
            fill="none"
            stroke={ogColours.accent}
            strokeWidth="2"
            strokeLinecap="round"
          />
        </svg>
        MATE Bench
      </div>
      {children}
    </div>
  )
}
