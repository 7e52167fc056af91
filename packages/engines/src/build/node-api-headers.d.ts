declare module 'node-api-headers' {
  /** Folder with node_api.h. */
  export const include_dir: string
}
