/** What networks that show links ask for, in pixels. */
export const ogSize = { width: 1200, height: 630 }
