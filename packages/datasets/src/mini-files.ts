/**
 * Where the files of fashion-mnist-mini are, for whoever fetches them: a bundler puts them beside its output and this is their
 * address there. By the name of the published file.
 */
export const miniFiles: Readonly<Record<string, URL>> = {
  'train-images-idx3-ubyte.gz': new URL(
    '../assets/fashion-mnist-mini/train-images-idx3-ubyte.gz',
    import.meta.url,
  ),
  'train-labels-idx1-ubyte.gz': new URL(
    '../assets/fashion-mnist-mini/train-labels-idx1-ubyte.gz',
    import.meta.url,
  ),
  't10k-images-idx3-ubyte.gz': new URL(
    '../assets/fashion-mnist-mini/t10k-images-idx3-ubyte.gz',
    import.meta.url,
  ),
  't10k-labels-idx1-ubyte.gz': new URL(
    '../assets/fashion-mnist-mini/t10k-labels-idx1-ubyte.gz',
    import.meta.url,
  ),
}

/** Address of a JSON list: where each of its test images stands in the test split of Fashion-MNIST. */
export const miniTestPositions = new URL('../assets/fashion-mnist-mini/t10k-positions.json', import.meta.url)
